-- What version 4 of the tables may hold besides (PostgreSQL only): a node that is gone.
INSERT INTO rocketry_node (instance, name, version, lanes, runs, is_draining, started, seen)
    VALUES ('a#1', 'a', '1.0', '{gpu}', 2, false, 1767225600000000, '2026-01-01');
