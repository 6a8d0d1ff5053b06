-- Demo data. Days are counted from the day in `clock`, so that "overdue" and "expires soon" are
-- true whenever the server is started for the first time.

INSERT INTO staff (id, name, email, role, job_title, hourly_rate, active, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7,
  date(today, '-400 days') || 'T08:00:00Z', date(today, '-400 days') || 'T08:00:00Z'
FROM clock, (VALUES
  (1, 'Dana Whitfield', 'dana@northlight.example', 'admin', 'Managing director', 9500, 1),
  (2, 'Jonas Keller', 'jonas@northlight.example', 'staff', 'Lead developer', 9500, 1),
  (3, 'Priya Raman', 'priya@northlight.example', 'staff', 'Support lead', 7500, 1),
  (4, 'Audit Bot', 'audit@northlight.example', 'readonly', 'Reporting account', NULL, 1),
  (5, 'Tom Brandt', 'tom@northlight.example', 'staff', 'Designer (left)', 8000, 0));

INSERT INTO api_keys VALUES
  ('demo-admin-key', 1, 'admin'), ('demo-staff-key', 2, 'staff'), ('demo-readonly-key', 4, 'readonly');

INSERT INTO currencies VALUES
  ('EUR', 'Euro', '€'), ('USD', 'US dollar', '$'), ('GBP', 'Pound sterling', '£'), ('CHF', 'Swiss franc', 'CHF');

INSERT INTO taxes VALUES
  (1, 'No tax (reverse charge)', 0, NULL), (2, 'VAT 19 %', 1900, 'DE'),
  (3, 'VAT 7 %', 700, 'DE'), (4, 'VAT 20 %', 2000, 'GB');

INSERT INTO item_categories VALUES
  (1, NULL, 'Services'), (2, 1, 'Development'), (3, 1, 'Design'), (4, 1, 'Support'),
  (5, 2, 'Web'), (6, 2, 'Mobile'), (7, NULL, 'Products'), (8, 7, 'Licences'), (9, 7, 'Hosting');

INSERT INTO items (id, code, name, description, unit, rate, tax_id, category_id, active, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9,
  date(today, '-380 days') || 'T09:00:00Z', date(today, '-380 days') || 'T09:00:00Z'
FROM clock, (VALUES
  (1, 'DEV-HOUR', 'Development work, hourly', 'Software development (dev work) at the standard rate, billed by the hour.', 'hour', 9500, 1, 2, 1),
  (2, 'DESIGN-HOUR', 'Design work, hourly', 'Interface and visual design.', 'hour', 8500, 1, 3, 1),
  (3, 'SUPPORT-HOUR', 'Support, hourly', 'Support outside of a support contract.', 'hour', 7500, 1, 4, 1),
  (4, 'DEV-DAY', 'On-site workshop, daily', 'A day with the team at the customer, travel included.', 'day', 98000, 1, 2, 1),
  (5, 'HOST-S', 'Managed hosting S', 'Two containers, daily backups.', 'month', 4900, 2, 9, 1),
  (6, 'HOST-L', 'Managed hosting L', 'Eight containers, hourly backups, 24/7 alerting.', 'month', 24900, 2, 9, 1),
  (7, 'LIC-PORTAL', 'Patient portal licence', 'Per site and year.', 'piece', 189000, 2, 8, 1),
  (8, 'AUDIT', 'Security audit', 'Fixed price, report within ten working days.', 'flat', 350000, 1, 1, 1),
  (9, 'LEGACY-HOUR', 'Legacy maintenance, hourly', 'No longer sold.', 'hour', 6500, 1, 4, 0));

INSERT INTO customers (id, name, status, industry, email, phone, website, vat_number, currency,
  payment_terms_days, billing_address, tags, custom_fields, owner_id, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, column10, column11,
  column12, column13, column14, date(today, column15) || 'T10:00:00Z', date(today, '-20 days') || 'T10:00:00Z'
FROM clock, (VALUES
  (1, 'Acme Corp', 'active', 'Manufacturing', 'billing@acme.example', '+49 30 5550100', 'https://acme.example', 'DE811111111', 'EUR', 14,
   '{"line1":"Industriestrasse 12","line2":null,"postal_code":"10115","city":"Berlin","country":"DE"}', '["key-account","manufacturing"]', '{"account_tier":"gold","erp_id":"AC-1001"}', 1, '-360 days'),
  (2, 'ContosoHealth', 'active', 'Healthcare', 'accounts@contosohealth.example', '+49 89 5550200', 'https://contosohealth.example', 'DE822222222', 'EUR', 30,
   '{"line1":"Isarring 8","line2":"Building C","postal_code":"80805","city":"Munich","country":"DE"}', '["healthcare","key-account"]', '{"account_tier":"gold","dpo_contact":"privacy@contosohealth.example"}', 1, '-300 days'),
  (3, 'TechStart', 'active', 'Software', 'finance@techstart.example', '+44 20 5550300', 'https://techstart.example', 'GB333333333', 'GBP', 14,
   '{"line1":"4 Foundry Lane","line2":null,"postal_code":"EC2A 4NE","city":"London","country":"GB"}', '["startup"]', '{"account_tier":"bronze"}', 2, '-120 days'),
  (4, 'Bluebird Logistics', 'active', 'Logistics', 'invoices@bluebird.example', '+31 20 5550400', 'https://bluebird.example', 'NL444444444B01', 'EUR', 30,
   '{"line1":"Havenweg 77","line2":null,"postal_code":"3089 JK","city":"Rotterdam","country":"NL"}', '["logistics"]', '{}', 2, '-210 days'),
  (5, 'Acme Foods', 'inactive', 'Food', 'office@acmefoods.example', NULL, NULL, NULL, 'EUR', 14,
   '{"line1":"Marktplatz 3","line2":null,"postal_code":"20095","city":"Hamburg","country":"DE"}', '[]', '{}', 3, '-350 days'),
  (6, 'Fjord Analytics', 'prospect', 'Research', 'hello@fjord.example', '+47 22 555060', 'https://fjord.example', NULL, 'EUR', 14,
   '{"line1":"Karl Johans gate 5","line2":null,"postal_code":"0154","city":"Oslo","country":"NO"}', '["prospect"]', '{}', 1, '-15 days'));

-- Agreed prices: ContosoHealth pays more per hour, TechStart less; Acme Corp has the standard rate.
INSERT INTO customer_rates SELECT column1, column2, column3, date(today, '-90 days') || 'T10:00:00Z'
FROM clock, (VALUES (2, 1, 11000), (2, 3, 9000), (3, 1, 8000), (4, 2, 8000));

INSERT INTO contacts (id, customer_id, first_name, last_name, email, phone, job_title, is_primary, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, column8,
  date(today, '-110 days') || 'T10:00:00Z', date(today, '-30 days') || 'T10:00:00Z'
FROM clock, (VALUES
  (1, 1, 'Maria', 'Lopez', 'maria.lopez@acme.example', '+49 30 5550101', 'Head of IT', 1),
  (2, 1, 'Stefan', 'Vogel', 'stefan.vogel@acme.example', '+49 30 5550102', 'Accounts payable', 0),
  (3, 2, 'Aisha', 'Rahman', 'aisha.rahman@contosohealth.example', '+49 89 5550201', 'CIO', 1),
  (4, 2, 'Peter', 'Lindqvist', 'peter.lindqvist@contosohealth.example', NULL, 'Data protection officer', 0),
  (5, 3, 'Sam', 'Okafor', 'sam@techstart.example', '+44 20 5550301', 'Founder', 1),
  (6, 3, 'Lucy', 'Chen', 'lucy@techstart.example', NULL, 'Product manager', 0),
  (7, 4, 'Bram', 'de Vries', 'bram.devries@bluebird.example', '+31 20 5550401', 'Operations', 1),
  (8, 5, 'Ute', 'Hansen', 'ute@acmefoods.example', NULL, 'Owner', 1),
  (9, 6, 'Ingrid', 'Berg', 'ingrid@fjord.example', '+47 22 555061', 'Director', 1));

INSERT INTO leads (id, name, company, email, phone, source, stage, value, probability, next_step, lost_reason, tags, custom_fields, owner_id, customer_id, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, column10, column11, column12, '{}',
  column13, column14, date(today, column15) || 'T11:00:00Z', date(today, column16) || 'T11:00:00Z'
FROM clock, (VALUES
  (1, 'Nora Feld', 'Solaris Energy', 'nora@solaris.example', '+49 40 5550701', 'website', 'new', 1200000, 10, 'Call back', NULL, '["energy"]', 2, NULL, '-2 days', '-2 days'),
  (2, 'Hugo Marin', 'Marin Yachts', 'hugo@marin.example', NULL, 'referral', 'contacted', 800000, 25, 'Send references', NULL, '[]', 2, NULL, '-9 days', '-4 days'),
  (3, 'Elif Demir', 'Demir Textiles', 'elif@demir.example', '+90 212 5550702', 'trade_fair', 'qualified', 2400000, 45, 'Workshop on requirements', NULL, '["key"]', 1, NULL, '-21 days', '-6 days'),
  (4, 'Ingrid Berg', 'Fjord Analytics', 'ingrid@fjord.example', '+47 22 555061', 'referral', 'proposal', 3800000, 70, 'Negotiate the payment plan', NULL, '["hot"]', 1, NULL, '-40 days', '-3 days'),
  (5, 'Paul Weiss', 'Weiss & Co', 'paul@weiss.example', NULL, 'cold_call', 'lost', 500000, 0, NULL, 'Chose a cheaper offer', '[]', 3, NULL, '-75 days', '-30 days'),
  (6, 'Sam Okafor', 'TechStart', 'sam@techstart.example', '+44 20 5550301', 'website', 'won', 1500000, 100, NULL, NULL, '["startup"]', 2, 3, '-135 days', '-120 days'),
  (7, 'Greta Holm', 'Holm Clinics', 'greta@holm.example', NULL, 'website', 'new', 600000, 10, NULL, NULL, '["healthcare"]', NULL, NULL, '-1 days', '-1 days'),
  (8, 'Diego Ruiz', 'Ruiz Retail', 'diego@ruiz.example', '+34 91 5550703', 'advertisement', 'contacted', 950000, 20, 'Demo next week', NULL, '[]', 2, NULL, '-12 days', '-5 days'));

INSERT INTO projects (id, customer_id, name, description, status, billing, budget, start_date, deadline, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, date(today, column8), date(today, column9),
  date(today, column8) || 'T09:00:00Z', date(today, '-5 days') || 'T09:00:00Z'
FROM clock, (VALUES
  (1, 1, 'Supplier portal', 'Portal where suppliers confirm orders.', 'in_progress', 'hourly', 4500000, '-90 days', '+45 days'),
  (2, 2, 'Patient portal rollout', 'Portal on three sites, with single sign-on.', 'in_progress', 'hourly', 9000000, '-60 days', '+120 days'),
  (3, 3, 'MVP mobile app', NULL, 'in_progress', 'fixed', 2000000, '-50 days', '+10 days'),
  (4, 1, 'ERP interface', 'Nightly exchange of orders.', 'finished', 'hourly', 1500000, '-250 days', '-100 days'),
  (5, 4, 'Track and trace', 'Live positions for dispatchers.', 'on_hold', 'hourly', 3000000, '-150 days', '+200 days'));

INSERT INTO tasks (id, project_id, parent_id, title, description, status, priority, assignee_id, due_date, completed_at, created_at, updated_at)
SELECT column1, column2, column3, column4, NULL, column5, column6, column7, date(today, column8),
  date(today, column9) || 'T16:00:00Z', date(today, '-30 days') || 'T09:00:00Z', date(today, '-4 days') || 'T09:00:00Z'
FROM clock, (VALUES
  (1, 1, NULL, 'Order confirmation screens', 'in_progress', 'high', 2, '+7 days', NULL),
  (2, 1, 1, 'Wireframes', 'done', 'normal', 3, '-10 days', '-12 days'),
  (3, 1, 1, 'Form validation', 'in_progress', 'normal', 2, '+3 days', NULL),
  (4, 1, 3, 'Error texts in German and English', 'open', 'low', 3, '+5 days', NULL),
  (5, 2, NULL, 'Single sign-on', 'open', 'urgent', 2, '-2 days', NULL),
  (6, 2, 5, 'Exchange metadata with the identity provider', 'open', 'high', 2, '-1 days', NULL),
  (7, 3, NULL, 'App store submission', 'open', 'high', 2, '+8 days', NULL),
  (8, NULL, NULL, 'Renew the office lease', 'open', 'normal', 1, '+30 days', NULL));

INSERT INTO invoice_numbers VALUES (42);
INSERT INTO invoices (id, number, customer_id, project_id, status, issue_date, due_date, currency, po_number, notes, sent_at, share_token, created_at, updated_at)
SELECT column1, 'INV-' || strftime('%Y', date(today, column5)) || '-' || printf('%04d', column1 + 29), column2, column3, column4,
  date(today, column5), date(today, column6), column7, column8, NULL,
  CASE column4 WHEN 'draft' THEN NULL ELSE date(today, column5) || 'T12:00:00Z' END,
  printf('demo%04x%04x%04x', column1 * 7919, column1 * 104729 % 65536, column1 * 31337 % 65536),
  date(today, column5) || 'T11:00:00Z', date(today, column5) || 'T12:00:00Z'
FROM clock, (VALUES
  (1, 1, 4, 'paid', '-110 days', '-96 days', 'EUR', 'PO-7781'),
  (2, 2, 2, 'paid', '-75 days', '-45 days', 'EUR', NULL),
  (3, 1, 1, 'sent', '-60 days', '-46 days', 'EUR', 'PO-7810'),
  (4, 4, 5, 'partially_paid', '-58 days', '-28 days', 'EUR', NULL),
  (5, 3, 3, 'sent', '-35 days', '-21 days', 'GBP', NULL),
  (6, 2, 2, 'sent', '-38 days', '-8 days', 'EUR', 'CH-2201'),
  (7, 5, NULL, 'sent', '-140 days', '-126 days', 'EUR', NULL),
  (8, 1, NULL, 'cancelled', '-25 days', '-11 days', 'EUR', NULL),
  (9, 1, 1, 'sent', '-5 days', '+9 days', 'EUR', 'PO-7844'),
  (10, 2, 2, 'sent', '-3 days', '+27 days', 'EUR', 'CH-2230'),
  (11, 3, NULL, 'paid', '-20 days', '-6 days', 'GBP', NULL),
  (12, 4, NULL, 'draft', '-1 days', '+29 days', 'EUR', NULL));

-- Quantity and price are given; amounts follow, rounded half up to a cent.
INSERT INTO invoice_lines (invoice_id, item_id, description, quantity, unit, unit_price, tax_rate, amount, tax_amount)
SELECT column1, column2, column3, column4, column5, column6, column7, (column4 * column6 + 50) / 100,
  ((column4 * column6 + 50) / 100 * column7 + 5000) / 10000
FROM (VALUES
  (1, 1, 'Development work, hourly', 4200, 'hour', 9500, 0), (1, 2, 'Design work, hourly', 650, 'hour', 8500, 0),
  (2, 1, 'Development work, hourly', 6000, 'hour', 11000, 0), (2, 7, 'Patient portal licence', 100, 'piece', 189000, 1900),
  (3, 1, 'Development work, hourly', 3150, 'hour', 9500, 0), (3, 5, 'Managed hosting S', 300, 'month', 4900, 1900),
  (4, 1, 'Development work, hourly', 2400, 'hour', 9500, 0), (4, 2, 'Design work, hourly', 800, 'hour', 8000, 0),
  (5, 1, 'Development work, hourly', 2000, 'hour', 8000, 0),
  (6, 1, 'Development work, hourly', 1825, 'hour', 11000, 0), (6, 6, 'Managed hosting L', 100, 'month', 24900, 1900),
  (7, 3, 'Support, hourly', 450, 'hour', 7500, 0),
  (8, 4, 'On-site workshop, daily', 100, 'day', 98000, 0),
  (9, 1, 'Development work, hourly', 1200, 'hour', 9500, 0),
  (10, 1, 'Development work, hourly', 2575, 'hour', 11000, 0), (10, 3, 'Support, hourly', 300, 'hour', 9000, 0),
  (11, 8, 'Security audit', 100, 'flat', 350000, 0),
  (12, 5, 'Managed hosting S', 1200, 'month', 4900, 1900));

INSERT INTO payments (invoice_id, amount, paid_on, method, note, created_at, updated_at)
SELECT column1, column2, date(today, column3), column4, NULL, date(today, column3) || 'T08:30:00Z', date(today, column3) || 'T08:30:00Z'
FROM clock, (VALUES
  (1, 454250, '-98 days', '{"type":"bank_transfer","iban":"DE89370400440532013000","reference":"Acme order PO-7781"}'),
  (2, 884910, '-50 days', '{"type":"bank_transfer","iban":"DE12500105170648489890","reference":null}'),
  (4, 150000, '-30 days', '{"type":"bank_transfer","iban":"NL91ABNA0417164300","reference":"first part"}'),
  (11, 350000, '-12 days', '{"type":"card","brand":"visa","last4":"4242"}'));

INSERT INTO mails (kind, "to", cc, subject, body, pdf_url, invoice_id, sent_at)
SELECT 'invoice', '["' || c.email || '"]', '[]', 'Invoice ' || i.number, 'Dear ' || c.name || ', please find our invoice ' || i.number || ' attached.',
  NULL, i.id, i.sent_at
FROM invoices i JOIN customers c ON c.id = i.customer_id WHERE i.id IN (9, 10) ORDER BY i.id;

INSERT INTO timesheets (staff_id, project_id, task_id, item_id, work_date, hours, description, billable, invoice_id, created_at, updated_at)
SELECT column1, column2, column3, column4, date(today, column5), column6, column7, column8, column9,
  date(today, column5) || 'T17:00:00Z', date(today, column5) || 'T17:00:00Z'
FROM clock, (VALUES
  (2, 1, 1, 1, '-9 days', 650, 'Order confirmation: list view', 1, 9), (2, 1, 1, 1, '-8 days', 550, 'Order confirmation: detail view', 1, 9),
  (2, 1, 3, 1, '-3 days', 425, 'Form validation', 1, NULL), (2, 1, 3, 1, '-2 days', 375, 'Form validation, tests', 1, NULL),
  (3, 1, 2, 2, '-12 days', 300, 'Wireframes', 0, NULL),
  (2, 2, 5, 1, '-4 days', 700, 'Single sign-on: proof of concept', 1, NULL), (2, 2, 6, 1, '-1 days', 250, 'Call with the identity provider', 1, NULL),
  (3, 2, NULL, 3, '-2 days', 150, 'Training for the help desk', 1, NULL),
  (2, 3, 7, NULL, '-6 days', 800, 'Release build', 0, NULL));

INSERT INTO tickets (id, customer_id, contact_id, subject, body, status, priority, assignee_id, tags, closed_at, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, date(today, column10) || 'T15:00:00Z',
  date(today, column11) || 'T08:15:00Z', date(today, column12) || 'T14:00:00Z'
FROM clock, (VALUES
  (1, 1, 1, 'Suppliers cannot reset their password', 'The reset mail never arrives for addresses at gmx.example.', 'open', 'high', 3, '["login","mail"]', NULL, '-3 days', '-1 days'),
  (2, 1, 2, 'PDF shows the old address', 'Our address changed last month.', 'waiting', 'low', 3, '["billing"]', NULL, '-12 days', '-6 days'),
  (3, 2, 3, 'Portal slow in the morning', 'Between 8 and 9 pages take more than ten seconds.', 'in_progress', 'urgent', 2, '["performance"]', NULL, '-1 days', '-1 days'),
  (4, 2, 4, 'Data processing agreement', 'Please send the signed agreement.', 'resolved', 'normal', 1, '["legal"]', '-8 days', '-30 days', '-8 days'),
  (5, 3, 5, 'Crash when the camera is denied', 'The app closes when the permission is refused.', 'open', 'normal', 2, '["mobile","crash"]', NULL, '-5 days', '-2 days'),
  (6, 4, 7, 'Map tiles are grey', 'Since the update the map has no tiles.', 'closed', 'normal', 3, '[]', '-70 days', '-80 days', '-70 days'));

INSERT INTO ticket_replies (id, ticket_id, parent_id, author, body, internal, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, date(today, column7) || 'T10:00:00Z', date(today, column7) || 'T10:00:00Z'
FROM clock, (VALUES
  (1, 1, NULL, 'Priya Raman', 'We see the mails leave. Could you check the spam folder?', 0, '-2 days'),
  (2, 1, 1, 'Maria Lopez', 'Nothing there, sorry.', 0, '-2 days'),
  (3, 1, 2, 'Priya Raman', 'gmx refuses our sender address; SPF record is missing.', 1, '-1 days'),
  (4, 3, NULL, 'Jonas Keller', 'The nightly report overlaps with office hours. Moving it.', 0, '-1 days'),
  (5, 5, NULL, 'Jonas Keller', 'Reproduced on Android 15.', 0, '-2 days'));

INSERT INTO contracts (id, customer_id, title, type, status, value, start_date, end_date, auto_renew, notice_days, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, date(today, column7), date(today, column8), column9, column10,
  date(today, column7) || 'T09:00:00Z', date(today, column7) || 'T09:00:00Z'
FROM clock, (VALUES
  (1, 1, 'Support agreement Gold', 'support', 'active', 1200000, '-345 days', '+20 days', 0, 30),
  (2, 2, 'Framework agreement', 'framework', 'active', 9000000, '-300 days', '+65 days', 1, 60),
  (3, 3, 'Hosting', 'hosting', 'active', 58800, '-120 days', '+12 days', 0, 14),
  (4, 4, 'Maintenance', 'maintenance', 'active', 480000, '-200 days', '+165 days', 1, 30),
  (5, 5, 'Support agreement Basic', 'support', 'ended', 240000, '-480 days', '-115 days', 0, 30),
  (6, 2, 'Data processing agreement', 'framework', 'draft', 0, '+10 days', NULL, 0, 30));

INSERT INTO notes (id, subject_type, subject_id, customer_id, body, pinned, author, created_at, updated_at)
SELECT column1, column2, column3, column4, column5, column6, column7, date(today, column8) || 'T13:00:00Z', date(today, column8) || 'T13:00:00Z'
FROM clock, (VALUES
  (1, 'customer', 1, 1, 'Invoices need the purchase order number, or they come back.', 1, 'Dana Whitfield', '-100 days'),
  (2, 'customer', 2, 2, 'Aisha prefers calls in the afternoon.', 0, 'Dana Whitfield', '-50 days'),
  (3, 'lead', 4, NULL, 'Board decides at the end of the month.', 1, 'Dana Whitfield', '-3 days'),
  (4, 'customer', 3, 3, 'New funding round planned; ask again about the audit.', 0, 'Jonas Keller', '-18 days'),
  (5, 'project', 3, 3, 'Fixed price: do not bill the hours.', 1, 'Dana Whitfield', '-45 days'));

INSERT INTO activities (type, customer_id, actor, summary, detail, occurred_at)
SELECT 'payment', i.customer_id, 'Dana Whitfield', 'Payment on ' || i.number,
  json_object('payment_id', p.id, 'invoice_id', i.id, 'amount', printf('%d.%02d', p.amount / 100, p.amount % 100)), p.created_at
FROM payments p JOIN invoices i ON i.id = p.invoice_id ORDER BY p.created_at;
INSERT INTO activities (type, customer_id, actor, summary, detail, occurred_at)
SELECT 'note', customer_id, author, 'Note on ' || subject_type || ' ' || subject_id,
  json_object('note_id', id, 'subject_type', subject_type, 'subject_id', subject_id), created_at FROM notes ORDER BY created_at;
INSERT INTO activities (type, customer_id, actor, summary, detail, occurred_at)
SELECT 'email', i.customer_id, 'Jonas Keller', m.subject || ' sent', json_object('mail_id', m.id, 'to', json(m."to"), 'subject', m.subject), m.sent_at
FROM mails m JOIN invoices i ON i.id = m.invoice_id ORDER BY m.sent_at;
INSERT INTO activities (type, customer_id, actor, summary, detail, occurred_at)
SELECT 'change', customer_id, 'Priya Raman', 'created ticket ' || id || ': ' || subject,
  json_object('action', 'created', 'subject_type', 'ticket', 'subject_id', id), created_at FROM tickets WHERE status = 'open' ORDER BY created_at;
