-- What version 5 of the tables may hold besides (PostgreSQL only): a run that was handed over to a node that is gone.
INSERT INTO rocketry_work_lead (term, batch) VALUES (1, 7);
INSERT INTO rocketry_work (key, lane, text, worker) VALUES ('fetch 4 1767225600000000', 'gpu', '{}', 'a#1');
INSERT INTO rocketry_worker (worker, beat) VALUES ('a#1', 3);
