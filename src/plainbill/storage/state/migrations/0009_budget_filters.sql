-- What a budget is of, beside a service and an account: NULL is all of them.

ALTER TABLE budgets ADD COLUMN record_type TEXT;
ALTER TABLE budgets ADD COLUMN region TEXT;
ALTER TABLE budgets ADD COLUMN usage_type TEXT;
ALTER TABLE budgets ADD COLUMN purchase_type TEXT;
ALTER TABLE budgets ADD COLUMN tag TEXT;
ALTER TABLE budgets ADD COLUMN cost_category TEXT;
