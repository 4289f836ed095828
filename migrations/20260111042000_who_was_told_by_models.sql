-- Why: the page of customers says of values and of risks whether a model told them; asking that must not read every customer
-- where no model has spoken.
-- Additive: safe while the previous version serves.
create index customer_analytics_expected on customer_analytics (org_id) where expected_margin is not null;
create index customer_analytics_told on customer_analytics (org_id) where churn_risk is not null;
