-- Tables of the demo CRM. Amounts, rates, quantities and hours are whole hundredths.
-- A foreign key without an action means: what others depend on cannot be deleted (409).

-- One row: the day that computed columns (overdue, days left) refer to.
CREATE TABLE clock (today TEXT NOT NULL, timestamp TEXT NOT NULL);

CREATE TABLE staff (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, role TEXT NOT NULL,
  job_title TEXT, hourly_rate INTEGER, active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE api_keys (
  key TEXT PRIMARY KEY, staff_id INTEGER NOT NULL REFERENCES staff(id), role TEXT NOT NULL);

CREATE TABLE currencies (code TEXT PRIMARY KEY, name TEXT NOT NULL, symbol TEXT NOT NULL);

CREATE TABLE taxes (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, rate INTEGER NOT NULL, country TEXT);

CREATE TABLE item_categories (
  id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES item_categories(id), name TEXT NOT NULL);

CREATE TABLE items (
  id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT,
  unit TEXT NOT NULL, rate INTEGER NOT NULL, tax_id INTEGER REFERENCES taxes(id),
  category_id INTEGER REFERENCES item_categories(id), active INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE customers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, status TEXT NOT NULL, industry TEXT, email TEXT,
  phone TEXT, website TEXT, vat_number TEXT, currency TEXT NOT NULL, payment_terms_days INTEGER NOT NULL,
  billing_address TEXT, tags TEXT NOT NULL DEFAULT '[]', custom_fields TEXT NOT NULL DEFAULT '{}',
  owner_id INTEGER REFERENCES staff(id), created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE customer_rates (
  customer_id INTEGER NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
  item_id INTEGER NOT NULL REFERENCES items(id) ON DELETE CASCADE,
  rate INTEGER NOT NULL, updated_at TEXT NOT NULL, PRIMARY KEY (customer_id, item_id));

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers(id),
  first_name TEXT NOT NULL, last_name TEXT NOT NULL, email TEXT, phone TEXT, job_title TEXT,
  is_primary INTEGER NOT NULL DEFAULT 0, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE leads (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, company TEXT, email TEXT, phone TEXT,
  source TEXT NOT NULL, stage TEXT NOT NULL, value INTEGER NOT NULL DEFAULT 0,
  probability INTEGER NOT NULL DEFAULT 10, next_step TEXT, lost_reason TEXT,
  tags TEXT NOT NULL DEFAULT '[]', custom_fields TEXT NOT NULL DEFAULT '{}',
  owner_id INTEGER REFERENCES staff(id),
  customer_id INTEGER REFERENCES customers(id) ON DELETE SET NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE projects (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers(id),
  name TEXT NOT NULL, description TEXT, status TEXT NOT NULL, billing TEXT NOT NULL, budget INTEGER,
  start_date TEXT, deadline TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, project_id INTEGER REFERENCES projects(id),
  parent_id INTEGER REFERENCES tasks(id), title TEXT NOT NULL, description TEXT, status TEXT NOT NULL,
  priority TEXT NOT NULL, assignee_id INTEGER REFERENCES staff(id), due_date TEXT, completed_at TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

-- Numbers go on across years; the year in them is that of the invoice.
CREATE TABLE invoice_numbers (next INTEGER NOT NULL);

CREATE TABLE invoices (
  id INTEGER PRIMARY KEY AUTOINCREMENT, number TEXT NOT NULL UNIQUE,
  customer_id INTEGER NOT NULL REFERENCES customers(id), project_id INTEGER REFERENCES projects(id),
  status TEXT NOT NULL DEFAULT 'draft', issue_date TEXT NOT NULL, due_date TEXT NOT NULL,
  currency TEXT NOT NULL, po_number TEXT, notes TEXT, sent_at TEXT, share_token TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE invoice_lines (
  id INTEGER PRIMARY KEY AUTOINCREMENT, invoice_id INTEGER NOT NULL REFERENCES invoices(id) ON DELETE CASCADE,
  item_id INTEGER REFERENCES items(id), description TEXT NOT NULL, quantity INTEGER NOT NULL,
  unit TEXT NOT NULL, unit_price INTEGER NOT NULL, tax_rate INTEGER NOT NULL,
  amount INTEGER NOT NULL, tax_amount INTEGER NOT NULL);
CREATE INDEX invoice_lines_invoice ON invoice_lines (invoice_id);

CREATE TABLE payments (
  id INTEGER PRIMARY KEY AUTOINCREMENT, invoice_id INTEGER NOT NULL REFERENCES invoices(id),
  amount INTEGER NOT NULL, paid_on TEXT NOT NULL, method TEXT NOT NULL, note TEXT,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX payments_invoice ON payments (invoice_id);

CREATE TABLE mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, "to" TEXT NOT NULL, cc TEXT NOT NULL,
  subject TEXT NOT NULL, body TEXT NOT NULL, pdf_url TEXT,
  invoice_id INTEGER REFERENCES invoices(id) ON DELETE SET NULL, sent_at TEXT NOT NULL);

CREATE TABLE timesheets (
  id INTEGER PRIMARY KEY AUTOINCREMENT, staff_id INTEGER NOT NULL REFERENCES staff(id),
  project_id INTEGER NOT NULL REFERENCES projects(id), task_id INTEGER REFERENCES tasks(id),
  item_id INTEGER REFERENCES items(id), work_date TEXT NOT NULL, hours INTEGER NOT NULL,
  description TEXT NOT NULL, billable INTEGER NOT NULL DEFAULT 1,
  invoice_id INTEGER REFERENCES invoices(id) ON DELETE SET NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE tickets (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers(id),
  contact_id INTEGER REFERENCES contacts(id), subject TEXT NOT NULL, body TEXT NOT NULL,
  status TEXT NOT NULL, priority TEXT NOT NULL, assignee_id INTEGER REFERENCES staff(id),
  tags TEXT NOT NULL DEFAULT '[]', closed_at TEXT, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE ticket_replies (
  id INTEGER PRIMARY KEY AUTOINCREMENT, ticket_id INTEGER NOT NULL REFERENCES tickets(id) ON DELETE CASCADE,
  parent_id INTEGER REFERENCES ticket_replies(id) ON DELETE CASCADE, author TEXT NOT NULL,
  body TEXT NOT NULL, internal INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE contracts (
  id INTEGER PRIMARY KEY AUTOINCREMENT, customer_id INTEGER NOT NULL REFERENCES customers(id),
  title TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, value INTEGER NOT NULL DEFAULT 0,
  start_date TEXT NOT NULL, end_date TEXT, auto_renew INTEGER NOT NULL DEFAULT 0,
  notice_days INTEGER NOT NULL DEFAULT 30, renewals INTEGER NOT NULL DEFAULT 0,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE notes (
  id INTEGER PRIMARY KEY AUTOINCREMENT, subject_type TEXT NOT NULL, subject_id INTEGER NOT NULL,
  customer_id INTEGER, body TEXT NOT NULL, pinned INTEGER NOT NULL DEFAULT 0, author TEXT NOT NULL,
  created_at TEXT NOT NULL, updated_at TEXT NOT NULL);

CREATE TABLE attachments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  customer_id INTEGER REFERENCES customers(id) ON DELETE CASCADE,
  ticket_id INTEGER REFERENCES tickets(id) ON DELETE CASCADE,
  filename TEXT NOT NULL, media_type TEXT NOT NULL, description TEXT, content BLOB NOT NULL,
  created_at TEXT NOT NULL);

-- No foreign keys: the feed outlives what it tells of.
CREATE TABLE activities (
  id INTEGER PRIMARY KEY AUTOINCREMENT, type TEXT NOT NULL, customer_id INTEGER, actor TEXT NOT NULL,
  summary TEXT NOT NULL, detail TEXT NOT NULL, occurred_at TEXT NOT NULL);

CREATE TABLE idempotency (
  scope TEXT PRIMARY KEY, request BLOB NOT NULL, status INTEGER NOT NULL, location TEXT, body TEXT NOT NULL);
