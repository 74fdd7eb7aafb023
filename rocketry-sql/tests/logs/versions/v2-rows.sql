-- What version 2 of the tables may hold besides (PostgreSQL only): the rows of nodes that share the log.
INSERT INTO rocketry_claim VALUES (decode(md5('fetch@1767225600000000'), 'hex'), 1767225600000000);
INSERT INTO rocketry_lease (revision, term, node, instance, is_held) VALUES (7, 3, 'a', 'a#1', true);
UPDATE rocketry_state SET term = 3, writes = 12;
