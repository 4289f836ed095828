-- Why: a team's page counts the site's open incidents at the end of two periods.
create index incidents_site on incidents (org_id, site_id, day);
