-- What version 3 of the tables may hold besides (PostgreSQL only): the calls of nodes that stand by.
INSERT INTO rocketry_call (made, call, is_taken, answer) VALUES (1767225600000000, 'pause', true, 'done');
