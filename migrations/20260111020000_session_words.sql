-- Why: whoever is signed in may see where, and end what is not known. The columns were there and empty.
-- Additive: comments alone; sessions of before keep their nulls until they end.
comment on column sessions.agent is 'The browser in a few words, such as ''Firefox on a phone''; never what it said of itself.';
comment on column sessions.address is 'The subnet it signed in from: 24 bits of an IPv4 address, 48 of an IPv6 address; never the whole.';
