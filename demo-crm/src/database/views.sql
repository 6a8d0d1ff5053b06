-- What reads see: the tables plus computed columns.

CREATE VIEW invoice_view AS
SELECT i.*, c.name AS customer_name, s.subtotal, s.tax_total, s.total, s.amount_paid,
  CASE i.status WHEN 'cancelled' THEN 0 ELSE s.total - s.amount_paid END AS balance_due,
  i.status IN ('sent', 'partially_paid') AND i.due_date < k.today AS overdue,
  CASE WHEN i.status IN ('sent', 'partially_paid') AND i.due_date < k.today
    THEN CAST(julianday(k.today) - julianday(i.due_date) AS INTEGER) ELSE 0 END AS days_overdue
FROM invoices i
JOIN customers c ON c.id = i.customer_id
JOIN (SELECT n.id, n.subtotal, n.tax_total, n.subtotal + n.tax_total AS total, n.amount_paid FROM (
  SELECT x.id,
    (SELECT coalesce(sum(amount), 0) FROM invoice_lines l WHERE l.invoice_id = x.id) AS subtotal,
    (SELECT coalesce(sum(tax_amount), 0) FROM invoice_lines l WHERE l.invoice_id = x.id) AS tax_total,
    (SELECT coalesce(sum(amount), 0) FROM payments p WHERE p.invoice_id = x.id) AS amount_paid
  FROM invoices x) n) s ON s.id = i.id
CROSS JOIN clock k;

CREATE VIEW customer_view AS
SELECT c.*, s.name AS owner_name,
  json_extract(c.billing_address, '$.city') AS city,
  json_extract(c.billing_address, '$.country') AS country,
  (SELECT coalesce(sum(balance_due), 0) FROM invoice_view v
    WHERE v.customer_id = c.id AND v.status IN ('sent', 'partially_paid')) AS balance_due,
  (SELECT coalesce(sum(balance_due), 0) FROM invoice_view v
    WHERE v.customer_id = c.id AND v.overdue) AS overdue_amount,
  (SELECT count(*) FROM tickets t
    WHERE t.customer_id = c.id AND t.status NOT IN ('resolved', 'closed')) AS open_tickets
FROM customers c LEFT JOIN staff s ON s.id = c.owner_id;

CREATE VIEW contact_view AS
SELECT x.*, c.name AS customer_name FROM contacts x JOIN customers c ON c.id = x.customer_id;

CREATE VIEW item_view AS
SELECT i.*, t.rate AS tax_rate, g.name AS category_name FROM items i
LEFT JOIN taxes t ON t.id = i.tax_id LEFT JOIN item_categories g ON g.id = i.category_id;

CREATE VIEW lead_view AS
SELECT l.*, s.name AS owner_name FROM leads l LEFT JOIN staff s ON s.id = l.owner_id;

CREATE VIEW payment_view AS
SELECT p.*, i.number AS invoice_number, i.customer_id, i.currency
FROM payments p JOIN invoices i ON i.id = p.invoice_id;

CREATE VIEW project_view AS
SELECT p.*, c.name AS customer_name,
  (SELECT coalesce(sum(hours), 0) FROM timesheets t WHERE t.project_id = p.id) AS hours_logged,
  (SELECT coalesce(sum(hours), 0) FROM timesheets t
    WHERE t.project_id = p.id AND t.billable = 1 AND t.invoice_id IS NULL) AS hours_unbilled,
  (SELECT count(*) FROM tasks t WHERE t.project_id = p.id AND t.status <> 'done') AS open_tasks
FROM projects p JOIN customers c ON c.id = p.customer_id;

CREATE VIEW task_view AS
SELECT t.*, s.name AS assignee_name, p.name AS project_name,
  t.status <> 'done' AND t.due_date IS NOT NULL AND t.due_date < k.today AS overdue
FROM tasks t LEFT JOIN staff s ON s.id = t.assignee_id LEFT JOIN projects p ON p.id = t.project_id
CROSS JOIN clock k;

CREATE VIEW timesheet_view AS
SELECT t.*, s.name AS staff_name, p.name AS project_name, p.customer_id, t.invoice_id IS NOT NULL AS invoiced
FROM timesheets t JOIN staff s ON s.id = t.staff_id JOIN projects p ON p.id = t.project_id;

CREATE VIEW ticket_view AS
SELECT t.*, c.name AS customer_name, s.name AS assignee_name,
  (SELECT count(*) FROM ticket_replies r WHERE r.ticket_id = t.id) AS reply_count
FROM tickets t JOIN customers c ON c.id = t.customer_id LEFT JOIN staff s ON s.id = t.assignee_id;

CREATE VIEW contract_view AS
SELECT x.*, c.name AS customer_name,
  CASE WHEN x.end_date IS NULL THEN NULL
    ELSE CAST(julianday(x.end_date) - julianday(k.today) AS INTEGER) END AS days_left
FROM contracts x JOIN customers c ON c.id = x.customer_id CROSS JOIN clock k;

CREATE VIEW attachment_view AS
SELECT id, customer_id, ticket_id, filename, media_type, description, length(content) AS size, created_at
FROM attachments;
