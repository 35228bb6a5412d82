-- The record of an installation of 7fe7b70 (revision 0003) with a goal at each place, as Python's sqlite3 writes it out. That code
-- rehearsed each goal up to its place, one process a goal; where a process died, it ended with its request on the wire, or (g7) right
-- after the answer was kept. Which goal is at which place: LEFT of tests/director/test_a_record_of_before.py. Never changed.
BEGIN TRANSACTION;
CREATE TABLE accounts (
	scope VARCHAR(96) NOT NULL, 
	rehearsal BOOLEAN NOT NULL, 
	added_nano BIGINT NOT NULL, 
	spent_nano BIGINT NOT NULL, 
	reserved_nano BIGINT NOT NULL, 
	CONSTRAINT pk_accounts PRIMARY KEY (scope, rehearsal), 
	CONSTRAINT ck_accounts_not_negative CHECK (reserved_nano >= 0 and spent_nano >= 0)
);
INSERT INTO "accounts" VALUES('goal g1',1,0,62606000,0);
INSERT INTO "accounts" VALUES('month default 2026-11',1,0,715840900,1374485000);
INSERT INTO "accounts" VALUES('goal g3',1,0,0,320715000);
INSERT INTO "accounts" VALUES('goal g6',1,0,0,247407500);
INSERT INTO "accounts" VALUES('goal g7',1,0,34735500,0);
INSERT INTO "accounts" VALUES('goal g8',1,0,71162000,0);
INSERT INTO "accounts" VALUES('goal g9',1,0,71162000,0);
INSERT INTO "accounts" VALUES('goal g10',1,0,71162000,0);
INSERT INTO "accounts" VALUES('goal g11',1,0,71162000,0);
INSERT INTO "accounts" VALUES('goal g15',1,0,45861000,258532500);
INSERT INTO "accounts" VALUES('goal g16',1,0,34735500,115710000);
INSERT INTO "accounts" VALUES('goal g17',1,0,45401000,0);
INSERT INTO "accounts" VALUES('goal g18',1,0,45401000,219195000);
INSERT INTO "accounts" VALUES('goal g19',1,0,45401000,212925000);
INSERT INTO "accounts" VALUES('goal g20',1,0,22225500,0);
INSERT INTO "accounts" VALUES('goal g21',1,0,47413200,0);
INSERT INTO "accounts" VALUES('goal g22',1,0,47413200,0);
INSERT INTO "accounts" VALUES('goal g25',1,0,0,0);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0003');
CREATE TABLE approvals (
	id VARCHAR(32) NOT NULL, 
	brand VARCHAR(64) NOT NULL, 
	goal VARCHAR(32) NOT NULL, 
	task VARCHAR(48), 
	kind VARCHAR(32) NOT NULL, 
	"key" VARCHAR(160) NOT NULL, 
	question TEXT NOT NULL, 
	document JSON NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	answer VARCHAR(32), 
	said TEXT, 
	due_at VARCHAR(27) NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	answered_at VARCHAR(27), 
	CONSTRAINT pk_approvals PRIMARY KEY (id), 
	CONSTRAINT fk_approvals_goal_goals FOREIGN KEY(goal) REFERENCES goals (id), 
	CONSTRAINT fk_approvals_task_tasks FOREIGN KEY(task) REFERENCES tasks (id), 
	CONSTRAINT uq_approvals_key UNIQUE ("key")
);
INSERT INTO "approvals" VALUES('a1','default','g4',NULL,'plan','plan:g4:1','Run this plan of 1 task? Likely $0.0790 to $0.3181.','{}','open',NULL,NULL,'2026-11-23T09:02:42.000000Z','2026-11-20T09:02:42.000000Z',NULL);
INSERT INTO "approvals" VALUES('a2','default','g5',NULL,'plan','plan:g5:1','Run this plan of 1 task? Likely $0.0790 to $0.3181.','{}','open',NULL,NULL,'2026-11-23T09:03:22.000000Z','2026-11-20T09:03:22.000000Z',NULL);
INSERT INTO "approvals" VALUES('a3','default','g8','g8-1','draft','draft:g8-1:17','The draft of social-content (g8-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','{"best": 3, "last": 3, "reason": "Its score did not rise: 5.5 before, 5.5 now.", "notes": "Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).\nOverall 5.5 of 10; 7 is needed.\n- major, Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.\n- major, Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells."}','open',NULL,NULL,'2026-11-23T09:06:46.000000Z','2026-11-20T09:06:46.000000Z',NULL);
INSERT INTO "approvals" VALUES('a4','default','g9','g9-1','draft','draft:g9-1:22','The draft of social-content (g9-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','{"best": 5, "last": 5, "reason": "Its score did not rise: 5.5 before, 5.5 now.", "notes": "Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).\nOverall 5.5 of 10; 7 is needed.\n- major, Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.\n- major, Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells."}','open',NULL,NULL,'2026-11-23T09:07:26.000000Z','2026-11-20T09:07:26.000000Z',NULL);
INSERT INTO "approvals" VALUES('a5','default','g10','g10-1','draft','draft:g10-1:27','The draft of social-content (g10-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','{"best": 7, "last": 7, "reason": "Its score did not rise: 5.5 before, 5.5 now.", "notes": "Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).\nOverall 5.5 of 10; 7 is needed.\n- major, Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.\n- major, Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells."}','open',NULL,NULL,'2026-11-23T09:08:06.000000Z','2026-11-20T09:08:06.000000Z',NULL);
INSERT INTO "approvals" VALUES('a6','default','g11','g11-1','draft','draft:g11-1:32','The draft of social-content (g11-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','{"best": 9, "last": 9, "reason": "Its score did not rise: 5.5 before, 5.5 now.", "notes": "Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).\nOverall 5.5 of 10; 7 is needed.\n- major, Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.\n- major, Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells."}','open',NULL,NULL,'2026-11-23T09:08:46.000000Z','2026-11-20T09:08:46.000000Z',NULL);
INSERT INTO "approvals" VALUES('a7','default','g12',NULL,'spending','spending:g12:goal g12:rehearsed:0','The next call of g12 could cost $0.2474; $0.0500 is left of $0.0500 for goal g12. Raise it by $2.00?','{"scope": "goal g12", "rehearsal": true, "raise_by_nano": 2000000000}','open',NULL,NULL,'2026-11-23T09:09:23.000000Z','2026-11-20T09:09:23.000000Z',NULL);
INSERT INTO "approvals" VALUES('a8','default','g13',NULL,'spending','spending:g13:goal g13:rehearsed:0','The next call of g13 could cost $0.2474; $0.0500 is left of $0.0500 for goal g13. Raise it by $2.00?','{"scope": "goal g13", "rehearsal": true, "raise_by_nano": 2000000000}','open',NULL,NULL,'2026-11-23T09:10:03.000000Z','2026-11-20T09:10:03.000000Z',NULL);
INSERT INTO "approvals" VALUES('a9','default','g14',NULL,'spending','spending:g14:goal g14:rehearsed:0','The next call of g14 could cost $0.2474; $0.0500 is left of $0.0500 for goal g14. Raise it by $2.00?','{"scope": "goal g14", "rehearsal": true, "raise_by_nano": 2000000000}','open',NULL,NULL,'2026-11-23T09:10:43.000000Z','2026-11-20T09:10:43.000000Z',NULL);
INSERT INTO "approvals" VALUES('a10','default','g20','g20-1','draft','draft:g20-1:60','The draft of social-content (g20-1) was not approved. The draft is empty. Take it as it is, revise it with your instructions, or reject it, which ends the goal?','{"best": 15, "last": 15, "reason": "The draft is empty.", "notes": "The draft is empty."}','open',NULL,NULL,'2026-11-23T09:17:24.000000Z','2026-11-20T09:17:24.000000Z',NULL);
INSERT INTO "approvals" VALUES('a11','default','g21','g21-1','failure','failure:g21-1:63','The review of social-content (g21-1) failed after 3 attempts: The review of g21-1 could not be read: not JSON: Expecting value at character 0. Try again?','{"turn": 63}','open',NULL,NULL,'2026-11-23T09:20:08.000000Z','2026-11-20T09:20:08.000000Z',NULL);
INSERT INTO "approvals" VALUES('a12','default','g22','g22-1','failure','failure:g22-1:66','The review of social-content (g22-1) failed after 3 attempts: The review of g22-1 could not be read: not JSON: Expecting value at character 0. Try again?','{"turn": 66}','open',NULL,NULL,'2026-11-23T09:20:48.000000Z','2026-11-20T09:20:48.000000Z',NULL);
INSERT INTO "approvals" VALUES('a13','default','g23',NULL,'spending','spending:g23:month default 2026-11:rehearsed:0','The next call of g23 could cost $0.2474; $0.00 is left of $0.5000 for the month 2026-11. Raise it by $19.00?','{"scope": "month default 2026-11", "rehearsal": true, "raise_by_nano": 19000000000}','open',NULL,NULL,'2026-11-23T09:19:23.000000Z','2026-11-20T09:19:23.000000Z',NULL);
CREATE TABLE calls (
	id INTEGER NOT NULL, 
	brand VARCHAR(64) NOT NULL, 
	goal VARCHAR(32) NOT NULL, 
	task VARCHAR(48), 
	turn INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	purpose VARCHAR(32) NOT NULL, 
	model VARCHAR(64) NOT NULL, 
	rehearsal BOOLEAN NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	month VARCHAR(7) NOT NULL, 
	reserved_nano BIGINT NOT NULL, 
	cost_nano BIGINT NOT NULL, 
	input_tokens BIGINT NOT NULL, 
	output_tokens BIGINT NOT NULL, 
	cache_write_tokens BIGINT NOT NULL, 
	cache_read_tokens BIGINT NOT NULL, 
	request_id VARCHAR(128), 
	stop_reason VARCHAR(64), 
	answer_hash VARCHAR(64), 
	error TEXT, 
	seconds FLOAT, 
	created_at VARCHAR(27) NOT NULL, 
	due_at VARCHAR(27), 
	CONSTRAINT pk_calls PRIMARY KEY (id), 
	CONSTRAINT fk_calls_answer_hash_texts FOREIGN KEY(answer_hash) REFERENCES texts (hash), 
	CONSTRAINT fk_calls_goal_goals FOREIGN KEY(goal) REFERENCES goals (id), 
	CONSTRAINT fk_calls_task_tasks FOREIGN KEY(task) REFERENCES tasks (id), 
	CONSTRAINT fk_calls_turn_turns FOREIGN KEY(turn) REFERENCES turns (id)
);
INSERT INTO "calls" VALUES(1,'default','g1','g1-1',2,1,'draft:g1-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.70430555999337229877e+00,'2026-11-20T09:00:03.000000Z',NULL);
INSERT INTO "calls" VALUES(2,'default','g1','g1-1',3,1,'review:g1-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,10665500,1019,305,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','8ef550d87dd81ea39bd5251d00076ae88ea2d103829f926eb45d2c35f228bf9c',NULL,3.07124599930830299854e-03,'2026-11-20T09:00:04.000000Z',NULL);
INSERT INTO "calls" VALUES(3,'default','g1',NULL,4,1,'conclude:g1::0:rehearsal:614453ff6e6172466c4c9d6f24d8ac2cf3494757a55fe5212afd02d4b0b1765a','conclude','claude-opus-5-5',1,'answered','2026-11',212925000,17205000,995,345,1265,0,'req_5a64387d4f19cd72fb83810f','end_turn','558553fc54ba46939634d103ed9700b5cc64057aa1d1c84d6342202929db1b6b',NULL,3.35709699720609933137e-03,'2026-11-20T09:00:05.000000Z',NULL);
INSERT INTO "calls" VALUES(4,'default','g3',NULL,6,1,'plan:g3::plan:rehearsal:cd3937f81a26ca6c90c9c2d313f18fe2e3e6418ddb66754c3821335c203cd699','plan','claude-opus-5-5',1,'reserved','2026-11',320715000,0,0,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:02:01.000000Z','2026-11-20T09:13:01.000000Z');
INSERT INTO "calls" VALUES(5,'default','g6','g6-1',10,1,'draft:g6-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'reserved','2026-11',247407500,0,0,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:04:42.000000Z','2026-11-20T09:15:42.000000Z');
INSERT INTO "calls" VALUES(6,'default','g7','g7-1',12,1,'draft:g7-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.66202482999506173655e+00,'2026-11-20T09:06:02.000000Z',NULL);
INSERT INTO "calls" VALUES(7,'default','g8','g8-1',14,1,'draft:g8-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.70000501899630762636e+00,'2026-11-20T09:06:43.000000Z',NULL);
INSERT INTO "calls" VALUES(8,'default','g8','g8-1',15,1,'review:g8-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,11125500,1019,351,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,3.07809199875919148325e-03,'2026-11-20T09:06:44.000000Z',NULL);
INSERT INTO "calls" VALUES(9,'default','g8','g8-1',16,1,'draft:g8-1:1::rehearsal:a443630c73ae52c04057980b14b2155c97f57acdbfb527534489de00545a5392','draft','claude-sonnet-5-5',1,'answered','2026-11',258532500,18715900,1297,1524,0,8819,'req_b24ce271f8c0f3481f9d4e89','end_turn','a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',NULL,3.51734499417943879961e-03,'2026-11-20T09:06:45.000000Z',NULL);
INSERT INTO "calls" VALUES(10,'default','g8','g8-1',17,1,'review:g8-1:1:0:rehearsal:263b1ecbe9e4166cc610a45e8c7664e1aa7cd2dbcf521d8a1256c02bd0fac760','review','claude-sonnet-5-5',1,'answered','2026-11',119412500,6585100,1426,351,0,2231,'req_da61642e084fdbef8b73959d','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,3.3407619994250126183e-03,'2026-11-20T09:06:46.000000Z',NULL);
INSERT INTO "calls" VALUES(11,'default','g9','g9-1',19,1,'draft:g9-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.66894658700039144605e+00,'2026-11-20T09:07:23.000000Z',NULL);
INSERT INTO "calls" VALUES(12,'default','g9','g9-1',20,1,'review:g9-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,11125500,1019,351,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,3.62663799751317128539e-03,'2026-11-20T09:07:24.000000Z',NULL);
INSERT INTO "calls" VALUES(13,'default','g9','g9-1',21,1,'draft:g9-1:1::rehearsal:a443630c73ae52c04057980b14b2155c97f57acdbfb527534489de00545a5392','draft','claude-sonnet-5-5',1,'answered','2026-11',258532500,18715900,1297,1524,0,8819,'req_b24ce271f8c0f3481f9d4e89','end_turn','a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',NULL,4.11699799587950110435e-03,'2026-11-20T09:07:25.000000Z',NULL);
INSERT INTO "calls" VALUES(14,'default','g9','g9-1',22,1,'review:g9-1:1:0:rehearsal:263b1ecbe9e4166cc610a45e8c7664e1aa7cd2dbcf521d8a1256c02bd0fac760','review','claude-sonnet-5-5',1,'answered','2026-11',119412500,6585100,1426,351,0,2231,'req_da61642e084fdbef8b73959d','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,0.00368319200060796,'2026-11-20T09:07:26.000000Z',NULL);
INSERT INTO "calls" VALUES(15,'default','g10','g10-1',24,1,'draft:g10-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.69549036399985197931e+00,'2026-11-20T09:08:03.000000Z',NULL);
INSERT INTO "calls" VALUES(16,'default','g10','g10-1',25,1,'review:g10-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,11125500,1019,351,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,2.97440699796425178647e-03,'2026-11-20T09:08:04.000000Z',NULL);
INSERT INTO "calls" VALUES(17,'default','g10','g10-1',26,1,'draft:g10-1:1::rehearsal:a443630c73ae52c04057980b14b2155c97f57acdbfb527534489de00545a5392','draft','claude-sonnet-5-5',1,'answered','2026-11',258532500,18715900,1297,1524,0,8819,'req_b24ce271f8c0f3481f9d4e89','end_turn','a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',NULL,3.53561199881369248032e-03,'2026-11-20T09:08:05.000000Z',NULL);
INSERT INTO "calls" VALUES(18,'default','g10','g10-1',27,1,'review:g10-1:1:0:rehearsal:263b1ecbe9e4166cc610a45e8c7664e1aa7cd2dbcf521d8a1256c02bd0fac760','review','claude-sonnet-5-5',1,'answered','2026-11',119412500,6585100,1426,351,0,2231,'req_da61642e084fdbef8b73959d','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,3.91292399581288918852e-03,'2026-11-20T09:08:06.000000Z',NULL);
INSERT INTO "calls" VALUES(19,'default','g11','g11-1',29,1,'draft:g11-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.65590017799695488065e+00,'2026-11-20T09:08:43.000000Z',NULL);
INSERT INTO "calls" VALUES(20,'default','g11','g11-1',30,1,'review:g11-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,11125500,1019,351,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,3.19928200042340904474e-03,'2026-11-20T09:08:44.000000Z',NULL);
INSERT INTO "calls" VALUES(21,'default','g11','g11-1',31,1,'draft:g11-1:1::rehearsal:a443630c73ae52c04057980b14b2155c97f57acdbfb527534489de00545a5392','draft','claude-sonnet-5-5',1,'answered','2026-11',258532500,18715900,1297,1524,0,8819,'req_b24ce271f8c0f3481f9d4e89','end_turn','a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',NULL,3.80135799787240102887e-03,'2026-11-20T09:08:45.000000Z',NULL);
INSERT INTO "calls" VALUES(22,'default','g11','g11-1',32,1,'review:g11-1:1:0:rehearsal:263b1ecbe9e4166cc610a45e8c7664e1aa7cd2dbcf521d8a1256c02bd0fac760','review','claude-sonnet-5-5',1,'answered','2026-11',119412500,6585100,1426,351,0,2231,'req_da61642e084fdbef8b73959d','end_turn','6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f',NULL,3.7192660020082257688e-03,'2026-11-20T09:08:46.000000Z',NULL);
INSERT INTO "calls" VALUES(23,'default','g15','g15-1',40,1,'draft:g15-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.63956193600461119785e+00,'2026-11-20T09:12:02.000000Z',NULL);
INSERT INTO "calls" VALUES(24,'default','g15','g15-1',41,1,'review:g15-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,11125500,1019,351,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','610faef8c878bd638329da82c30e1091935f92e1dd02cfb284d3515998a3a761',NULL,3.11217200214741751551e-03,'2026-11-20T09:12:03.000000Z',NULL);
INSERT INTO "calls" VALUES(25,'default','g15','g15-1',42,1,'draft:g15-1:1::rehearsal:8965aab69abfdcbb5222393f4672a713b4fafa0102e56ccc4a74ed075d81db38','draft','claude-sonnet-5-5',1,'reserved','2026-11',258532500,0,0,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:12:04.000000Z','2026-11-20T09:23:04.000000Z');
INSERT INTO "calls" VALUES(26,'default','g16','g16-1',44,1,'draft:g16-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.65171822399861412122e+00,'2026-11-20T09:13:22.000000Z',NULL);
INSERT INTO "calls" VALUES(27,'default','g16','g16-1',45,1,'review:g16-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'reserved','2026-11',115710000,0,0,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:13:23.000000Z','2026-11-20T09:24:23.000000Z');
INSERT INTO "calls" VALUES(28,'default','g17','g17-1',47,1,'draft:g17-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.84816433999367291107e+00,'2026-11-20T09:14:03.000000Z',NULL);
INSERT INTO "calls" VALUES(29,'default','g17','g17-1',48,1,'review:g17-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,10665500,1019,305,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','8ef550d87dd81ea39bd5251d00076ae88ea2d103829f926eb45d2c35f228bf9c',NULL,3.36761300422949716448e-03,'2026-11-20T09:14:04.000000Z',NULL);
INSERT INTO "calls" VALUES(30,'default','g18','g18-1',51,1,'draft:g18-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.88263936200382886454e+00,'2026-11-20T09:15:22.000000Z',NULL);
INSERT INTO "calls" VALUES(31,'default','g18','g18-1',52,1,'review:g18-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,10665500,1019,305,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','8ef550d87dd81ea39bd5251d00076ae88ea2d103829f926eb45d2c35f228bf9c',NULL,3.2822760040289722383e-03,'2026-11-20T09:15:23.000000Z',NULL);
INSERT INTO "calls" VALUES(32,'default','g18','g18-2',53,1,'report:g18-2:0::rehearsal:3849573ba4dca064173b9aeca068f195ac25c27cc615e5e5165e74c2f713a72b','report','claude-opus-5-5',1,'reserved','2026-11',219195000,0,0,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:15:24.000000Z','2026-11-20T09:26:24.000000Z');
INSERT INTO "calls" VALUES(33,'default','g19','g19-1',55,1,'draft:g19-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.70445871300034923478e+00,'2026-11-20T09:16:42.000000Z',NULL);
INSERT INTO "calls" VALUES(34,'default','g19','g19-1',56,1,'review:g19-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,10665500,1019,305,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','8ef550d87dd81ea39bd5251d00076ae88ea2d103829f926eb45d2c35f228bf9c',NULL,3.56396399729419499635e-03,'2026-11-20T09:16:43.000000Z',NULL);
INSERT INTO "calls" VALUES(35,'default','g19',NULL,57,1,'conclude:g19::0:rehearsal:614453ff6e6172466c4c9d6f24d8ac2cf3494757a55fe5212afd02d4b0b1765a','conclude','claude-opus-5-5',1,'reserved','2026-11',212925000,0,0,0,0,0,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:16:44.000000Z','2026-11-20T09:27:44.000000Z');
INSERT INTO "calls" VALUES(36,'default','g20','g20-1',59,1,'draft:g20-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,22225500,89,0,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',NULL,1.810011262001353316e+00,'2026-11-20T09:17:23.000000Z',NULL);
INSERT INTO "calls" VALUES(37,'default','g21','g21-1',62,1,'draft:g21-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.70911933000024873763e+00,'2026-11-20T09:18:03.000000Z',NULL);
INSERT INTO "calls" VALUES(38,'default','g21','g21-1',63,1,'review:g21-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,7795500,1019,18,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93',NULL,5.58558899501804262399e-03,'2026-11-20T09:18:05.000000Z',NULL);
INSERT INTO "calls" VALUES(39,'default','g21','g21-1',63,2,'review:g21-1:0:1:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,2441100,1019,18,0,2231,'req_7ddc67f916d2ae49b87f0338','end_turn','ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93',NULL,4.57172399910632520914e-03,'2026-11-20T09:18:06.000000Z',NULL);
INSERT INTO "calls" VALUES(40,'default','g21','g21-1',63,3,'review:g21-1:0:2:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,2441100,1019,18,0,2231,'req_8e93bfa98b79bf245d7852be','end_turn','ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93',NULL,3.49639399792067706584e-03,'2026-11-20T09:20:08.000000Z',NULL);
INSERT INTO "calls" VALUES(41,'default','g22','g22-1',65,1,'draft:g22-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'answered','2026-11',247407500,34735500,89,1251,8819,0,'req_9e3adf2af408ca24f99a4d22','end_turn','3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',NULL,1.72063681700092274695e+00,'2026-11-20T09:18:43.000000Z',NULL);
INSERT INTO "calls" VALUES(42,'default','g22','g22-1',66,1,'review:g22-1:0:0:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,7795500,1019,18,2231,0,'req_b593cdf19b5b5f57ac597370','end_turn','ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93',NULL,4.34490699990419670939e-03,'2026-11-20T09:18:45.000000Z',NULL);
INSERT INTO "calls" VALUES(43,'default','g22','g22-1',66,2,'review:g22-1:0:1:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,2441100,1019,18,0,2231,'req_7ddc67f916d2ae49b87f0338','end_turn','ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93',NULL,2.50055200012866407632e-03,'2026-11-20T09:18:46.000000Z',NULL);
INSERT INTO "calls" VALUES(44,'default','g22','g22-1',66,3,'review:g22-1:0:2:rehearsal:d0dca66c89294090004ec06d0f8878d28d2c39acc8534358a42bcc0046dcd6e3','review','claude-sonnet-5-5',1,'answered','2026-11',115710000,2441100,1019,18,0,2231,'req_8e93bfa98b79bf245d7852be','end_turn','ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93',NULL,2.34427899704314768314e-03,'2026-11-20T09:20:48.000000Z',NULL);
INSERT INTO "calls" VALUES(45,'default','g25','g25-1',71,1,'draft:g25-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'refused','2026-11',247407500,0,0,0,0,0,NULL,NULL,NULL,'The model service cannot be reached: the rehearsal is away.',NULL,'2026-11-20T09:20:43.000000Z',NULL);
INSERT INTO "calls" VALUES(46,'default','g25','g25-1',71,2,'draft:g25-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'refused','2026-11',247407500,0,0,0,0,0,NULL,NULL,NULL,'The model service cannot be reached: the rehearsal is away.',NULL,'2026-11-20T09:20:44.000000Z',NULL);
INSERT INTO "calls" VALUES(47,'default','g25','g25-1',71,3,'draft:g25-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'refused','2026-11',247407500,0,0,0,0,0,NULL,NULL,NULL,'The model service cannot be reached: the rehearsal is away.',NULL,'2026-11-20T09:22:46.000000Z',NULL);
INSERT INTO "calls" VALUES(48,'default','g25','g25-1',71,4,'draft:g25-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'refused','2026-11',247407500,0,0,0,0,0,NULL,NULL,NULL,'The model service cannot be reached: the rehearsal is away.',NULL,'2026-11-20T09:24:48.000000Z',NULL);
INSERT INTO "calls" VALUES(49,'default','g25','g25-1',71,5,'draft:g25-1:0::rehearsal:430e924a1e6012af89a56b6dcf2767cfbf62b9d952cb6d5a8571ef4796992fe8','draft','claude-sonnet-5-5',1,'refused','2026-11',247407500,0,0,0,0,0,NULL,NULL,NULL,'The model service cannot be reached: the rehearsal is away.',NULL,'2026-11-20T09:26:50.000000Z',NULL);
CREATE TABLE components (
	name VARCHAR(32) NOT NULL, 
	failures INTEGER NOT NULL, 
	good INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	offline_since VARCHAR(27), 
	look_at VARCHAR(27), 
	CONSTRAINT pk_components PRIMARY KEY (name)
);
INSERT INTO "components" VALUES('rehearsal',5,0,'The model service cannot be reached: the rehearsal is away.','2026-11-20T09:26:50.000000Z','2026-11-20T09:27:50.000000Z');
CREATE TABLE counters (
	name VARCHAR(32) NOT NULL, 
	value BIGINT NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (name)
);
INSERT INTO "counters" VALUES('goal',25);
INSERT INTO "counters" VALUES('approval',13);
CREATE TABLE drafts (
	id INTEGER NOT NULL, 
	task VARCHAR(48) NOT NULL, 
	revision INTEGER NOT NULL, 
	text_hash VARCHAR(64) NOT NULL, 
	cut_off BOOLEAN NOT NULL, 
	score FLOAT, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_drafts PRIMARY KEY (id), 
	CONSTRAINT fk_drafts_task_tasks FOREIGN KEY(task) REFERENCES tasks (id), 
	CONSTRAINT fk_drafts_text_hash_texts FOREIGN KEY(text_hash) REFERENCES texts (hash), 
	CONSTRAINT uq_drafts_task_revision UNIQUE (task, revision)
);
INSERT INTO "drafts" VALUES(1,'g1-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,7.87,'2026-11-20T09:00:03.000000Z');
INSERT INTO "drafts" VALUES(2,'g8-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,5.5,'2026-11-20T09:06:43.000000Z');
INSERT INTO "drafts" VALUES(3,'g8-1',1,'a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',0,5.5,'2026-11-20T09:06:45.000000Z');
INSERT INTO "drafts" VALUES(4,'g9-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,5.5,'2026-11-20T09:07:23.000000Z');
INSERT INTO "drafts" VALUES(5,'g9-1',1,'a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',0,5.5,'2026-11-20T09:07:25.000000Z');
INSERT INTO "drafts" VALUES(6,'g10-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,5.5,'2026-11-20T09:08:03.000000Z');
INSERT INTO "drafts" VALUES(7,'g10-1',1,'a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',0,5.5,'2026-11-20T09:08:05.000000Z');
INSERT INTO "drafts" VALUES(8,'g11-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,5.5,'2026-11-20T09:08:43.000000Z');
INSERT INTO "drafts" VALUES(9,'g11-1',1,'a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2',0,5.5,'2026-11-20T09:08:45.000000Z');
INSERT INTO "drafts" VALUES(10,'g15-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,5.36,'2026-11-20T09:12:02.000000Z');
INSERT INTO "drafts" VALUES(11,'g16-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,NULL,'2026-11-20T09:13:22.000000Z');
INSERT INTO "drafts" VALUES(12,'g17-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,7.87,'2026-11-20T09:14:03.000000Z');
INSERT INTO "drafts" VALUES(13,'g18-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,7.87,'2026-11-20T09:15:22.000000Z');
INSERT INTO "drafts" VALUES(14,'g19-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,7.87,'2026-11-20T09:16:42.000000Z');
INSERT INTO "drafts" VALUES(15,'g20-1',0,'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',0,0.0,'2026-11-20T09:17:23.000000Z');
INSERT INTO "drafts" VALUES(16,'g21-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,NULL,'2026-11-20T09:18:03.000000Z');
INSERT INTO "drafts" VALUES(17,'g22-1',0,'3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b',0,NULL,'2026-11-20T09:18:43.000000Z');
CREATE TABLE duties (
	name VARCHAR(32) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	until VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_duties PRIMARY KEY (name)
);
CREATE TABLE edges (
	task VARCHAR(48) NOT NULL, 
	needs VARCHAR(48) NOT NULL, 
	CONSTRAINT pk_edges PRIMARY KEY (task, needs), 
	CONSTRAINT fk_edges_needs_tasks FOREIGN KEY(needs) REFERENCES tasks (id), 
	CONSTRAINT fk_edges_task_tasks FOREIGN KEY(task) REFERENCES tasks (id)
);
INSERT INTO "edges" VALUES('g17-2','g17-1');
INSERT INTO "edges" VALUES('g18-2','g18-1');
CREATE TABLE goals (
	id VARCHAR(32) NOT NULL, 
	brand VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	category VARCHAR(32) NOT NULL, 
	priority VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	cap_nano BIGINT NOT NULL, 
	plan_by VARCHAR(16) NOT NULL, 
	pipeline VARCHAR(128), 
	confirm BOOLEAN NOT NULL, 
	context_hash VARCHAR(64), 
	"plan" JSON, 
	wait_for VARCHAR(32), 
	reason TEXT, 
	wait_until VARCHAR(27), 
	summary JSON, 
	created_at VARCHAR(27) NOT NULL, 
	finished_at VARCHAR(27), given_nano BIGINT DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_goals PRIMARY KEY (id), 
	CONSTRAINT fk_goals_context_hash_texts FOREIGN KEY(context_hash) REFERENCES texts (hash)
);
INSERT INTO "goals" VALUES('g1','default','Tell the gnomes that spring has come','strategic','P2','completed',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}',NULL,NULL,NULL,'{"summary": "Rehearsal: written by the built-in model, not by Claude. For \u201cTell the gnomes that spring has come\u201d there is now 1 approved deliverable: social-content (\u201cSocial content\u201d). They rest on the goal alone; what they assume is listed in each of them. The next steps come from their own sections.", "contradictions": [], "next_steps": ["Settle what social-content lists under Assumptions and open facts, beginning with \u201cAssumption: there is no product context; what concerns the product is open [needs source].\u201d", "Act on Handover of social-content: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker (page or named person), platforms and why, the\u2026\u201d", "Read the deliverables in the order of the plan and strike out what is not true of the brand.", "Decide who owns \u201cTell the gnomes that spring has come\u201d from here, and by which number it is judged.", "Supply the facts that are marked as needing a source."]}','2026-11-20T09:00:01.000000Z','2026-11-20T09:00:05.000000Z',100000000000);
INSERT INTO "goals" VALUES('g2','default','Tell the gnomes that spring has come','strategic','P2','planning',100000000000,'claude','Social Week',0,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:00:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g3','default','Tell the gnomes that spring has come','strategic','P2','planning',100000000000,'claude',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-20T09:01:21.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g4','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',1,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','Run this plan of 1 task? Likely $0.0790 to $0.3181. (approval a1)','2026-11-23T09:02:42.000000Z',NULL,'2026-11-20T09:02:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g5','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',1,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','Run this plan of 1 task? Likely $0.0790 to $0.3181. (approval a2)','2026-11-23T09:03:22.000000Z',NULL,'2026-11-20T09:03:21.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g6','default','Tell the gnomes that spring has come','strategic','P2','running',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:04:01.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g7','default','Tell the gnomes that spring has come','strategic','P2','running',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:05:21.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g8','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The draft of social-content (g8-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a3)','2026-11-23T09:06:46.000000Z',NULL,'2026-11-20T09:06:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g9','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The draft of social-content (g9-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a4)','2026-11-23T09:07:26.000000Z',NULL,'2026-11-20T09:07:21.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g10','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The draft of social-content (g10-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a5)','2026-11-23T09:08:06.000000Z',NULL,'2026-11-20T09:08:01.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g11','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The draft of social-content (g11-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a6)','2026-11-23T09:08:46.000000Z',NULL,'2026-11-20T09:08:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g12','default','Tell the gnomes that spring has come','strategic','P2','waiting',50000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','money','The next call of g12 could cost $0.2474; $0.0500 is left of $0.0500 for goal g12. Raise it by $2.00? (approval a7)','2026-11-23T09:09:23.000000Z',NULL,'2026-11-20T09:09:21.000000Z',NULL,50000000);
INSERT INTO "goals" VALUES('g13','default','Tell the gnomes that spring has come','strategic','P2','waiting',50000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','money','The next call of g13 could cost $0.2474; $0.0500 is left of $0.0500 for goal g13. Raise it by $2.00? (approval a8)','2026-11-23T09:10:03.000000Z',NULL,'2026-11-20T09:10:01.000000Z',NULL,50000000);
INSERT INTO "goals" VALUES('g14','default','Tell the gnomes that spring has come','strategic','P2','waiting',50000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','money','The next call of g14 could cost $0.2474; $0.0500 is left of $0.0500 for goal g14. Raise it by $2.00? (approval a9)','2026-11-23T09:10:43.000000Z',NULL,'2026-11-20T09:10:41.000000Z',NULL,50000000);
INSERT INTO "goals" VALUES('g15','default','Tell the gnomes that spring has come','strategic','P2','running',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:11:21.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g16','default','Tell the gnomes that spring has come','strategic','P2','running',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:12:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g17','default','Tell the gnomes that spring has come','strategic','P2','running',100000000000,'claude','Read Twice',0,NULL,'{"source": "template:Read Twice", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}, {"key": "review-by-copywriting", "skill": "copywriting", "kind": "review", "needs": ["social-content"], "brief": "", "target": "social-content"}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:14:01.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g18','default','Tell the gnomes that spring has come','strategic','P2','running',100000000000,'claude','Look Back',0,NULL,'{"source": "template:Look Back", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}, {"key": "report", "skill": "director", "kind": "report", "needs": ["social-content"], "brief": "", "target": null}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:14:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g19','default','Tell the gnomes that spring has come','strategic','P2','concluding',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}',NULL,NULL,NULL,NULL,'2026-11-20T09:16:01.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g20','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The draft of social-content (g20-1) was not approved. The draft is empty. Take it as it is, revise it with your instructions, or reject it, which ends the goal? (approval a10)','2026-11-23T09:17:24.000000Z',NULL,'2026-11-20T09:17:21.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g21','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The review of social-content (g21-1) failed after 3 attempts: The review of g21-1 could not be read: not JSON: Expecting value at character 0. Try again? (approval a11)','2026-11-23T09:20:08.000000Z',NULL,'2026-11-20T09:18:01.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g22','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','person','The review of social-content (g22-1) failed after 3 attempts: The review of g22-1 could not be read: not JSON: Expecting value at character 0. Try again? (approval a12)','2026-11-23T09:20:48.000000Z',NULL,'2026-11-20T09:18:41.000000Z',NULL,100000000000);
INSERT INTO "goals" VALUES('g23','default','Tell the gnomes that spring has come','strategic','P2','waiting',500000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','money','The next call of g23 could cost $0.2474; $0.00 is left of $0.5000 for the month 2026-11. Raise it by $19.00? (approval a13)','2026-11-23T09:19:23.000000Z',NULL,'2026-11-20T09:19:21.000000Z',NULL,500000000);
INSERT INTO "goals" VALUES('g24','default','Tell the gnomes that spring has come','strategic','P2','cancelled',100000000000,'claude','Social Week',0,NULL,NULL,NULL,'cancelled by person',NULL,NULL,'2026-11-20T09:20:01.000000Z','2026-11-20T09:20:01.000000Z',100000000000);
INSERT INTO "goals" VALUES('g25','default','Tell the gnomes that spring has come','strategic','P2','waiting',100000000000,'claude','Social Week',0,NULL,'{"source": "template:Social Week", "note": "", "tasks": [{"key": "social-content", "skill": "social-content", "kind": "draft", "needs": [], "brief": "", "target": null}]}','model service','The model service cannot be reached: the rehearsal is away.','2026-11-20T09:27:50.000000Z',NULL,'2026-11-20T09:20:41.000000Z',NULL,100000000000);
CREATE TABLE journal (
	id INTEGER NOT NULL, 
	goal VARCHAR(32), 
	subject VARCHAR(48) NOT NULL, 
	what VARCHAR(64) NOT NULL, 
	detail TEXT, 
	"by" VARCHAR(64) NOT NULL, 
	at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_journal PRIMARY KEY (id)
);
INSERT INTO "journal" VALUES(1,'g1','g1','planning',NULL,'submit','2026-11-20T09:00:01.000000Z');
INSERT INTO "journal" VALUES(2,'g1','g1','planned','1 task, template:Social Week','director','2026-11-20T09:00:02.000000Z');
INSERT INTO "journal" VALUES(3,'g1','g1','running',NULL,'director','2026-11-20T09:00:02.000000Z');
INSERT INTO "journal" VALUES(4,'g1','g1-1','drafting',NULL,'director','2026-11-20T09:00:02.000000Z');
INSERT INTO "journal" VALUES(5,'g1','g1-1','reviewing',NULL,'social-content','2026-11-20T09:00:03.000000Z');
INSERT INTO "journal" VALUES(6,'g1','g1-1','approved','revision 0, score 7.9','reviewer','2026-11-20T09:00:04.000000Z');
INSERT INTO "journal" VALUES(7,'g1','g1','concluding',NULL,'reviewer','2026-11-20T09:00:04.000000Z');
INSERT INTO "journal" VALUES(8,'g1','g1','completed',NULL,'director','2026-11-20T09:00:05.000000Z');
INSERT INTO "journal" VALUES(9,'g2','g2','planning',NULL,'submit','2026-11-20T09:00:41.000000Z');
INSERT INTO "journal" VALUES(10,'g3','g3','planning',NULL,'submit','2026-11-20T09:01:21.000000Z');
INSERT INTO "journal" VALUES(11,'g4','g4','planning',NULL,'submit','2026-11-20T09:02:41.000000Z');
INSERT INTO "journal" VALUES(12,'g4','g4','planned','1 task, template:Social Week','director','2026-11-20T09:02:42.000000Z');
INSERT INTO "journal" VALUES(13,'g4','g4','asked','Run this plan of 1 task? Likely $0.0790 to $0.3181.','troupe','2026-11-20T09:02:42.000000Z');
INSERT INTO "journal" VALUES(14,'g4','g4','waiting','Run this plan of 1 task? Likely $0.0790 to $0.3181. (approval a1)','director','2026-11-20T09:02:42.000000Z');
INSERT INTO "journal" VALUES(15,'g5','g5','planning',NULL,'submit','2026-11-20T09:03:21.000000Z');
INSERT INTO "journal" VALUES(16,'g5','g5','planned','1 task, template:Social Week','director','2026-11-20T09:03:22.000000Z');
INSERT INTO "journal" VALUES(17,'g5','g5','asked','Run this plan of 1 task? Likely $0.0790 to $0.3181.','troupe','2026-11-20T09:03:22.000000Z');
INSERT INTO "journal" VALUES(18,'g5','g5','waiting','Run this plan of 1 task? Likely $0.0790 to $0.3181. (approval a2)','director','2026-11-20T09:03:22.000000Z');
INSERT INTO "journal" VALUES(19,'g6','g6','planning',NULL,'submit','2026-11-20T09:04:01.000000Z');
INSERT INTO "journal" VALUES(20,'g6','g6','planned','1 task, template:Social Week','director','2026-11-20T09:04:41.000000Z');
INSERT INTO "journal" VALUES(21,'g6','g6','running',NULL,'director','2026-11-20T09:04:41.000000Z');
INSERT INTO "journal" VALUES(22,'g6','g6-1','drafting',NULL,'director','2026-11-20T09:04:41.000000Z');
INSERT INTO "journal" VALUES(23,'g7','g7','planning',NULL,'submit','2026-11-20T09:05:21.000000Z');
INSERT INTO "journal" VALUES(24,'g7','g7','planned','1 task, template:Social Week','director','2026-11-20T09:06:01.000000Z');
INSERT INTO "journal" VALUES(25,'g7','g7','running',NULL,'director','2026-11-20T09:06:01.000000Z');
INSERT INTO "journal" VALUES(26,'g7','g7-1','drafting',NULL,'director','2026-11-20T09:06:01.000000Z');
INSERT INTO "journal" VALUES(27,'g8','g8','planning',NULL,'submit','2026-11-20T09:06:41.000000Z');
INSERT INTO "journal" VALUES(28,'g8','g8','planned','1 task, template:Social Week','director','2026-11-20T09:06:42.000000Z');
INSERT INTO "journal" VALUES(29,'g8','g8','running',NULL,'director','2026-11-20T09:06:42.000000Z');
INSERT INTO "journal" VALUES(30,'g8','g8-1','drafting',NULL,'director','2026-11-20T09:06:42.000000Z');
INSERT INTO "journal" VALUES(31,'g8','g8-1','reviewing',NULL,'social-content','2026-11-20T09:06:43.000000Z');
INSERT INTO "journal" VALUES(32,'g8','g8-1','drafting','sent back: Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).','reviewer','2026-11-20T09:06:44.000000Z');
INSERT INTO "journal" VALUES(33,'g8','g8-1','reviewing',NULL,'social-content','2026-11-20T09:06:45.000000Z');
INSERT INTO "journal" VALUES(34,'g8','g8-1','escalated','Its score did not rise: 5.5 before, 5.5 now.','reviewer','2026-11-20T09:06:46.000000Z');
INSERT INTO "journal" VALUES(35,'g8','g8-1','asked','The draft of social-content (g8-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','troupe','2026-11-20T09:06:46.000000Z');
INSERT INTO "journal" VALUES(36,'g8','g8','waiting','The draft of social-content (g8-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a3)','reviewer','2026-11-20T09:06:46.000000Z');
INSERT INTO "journal" VALUES(37,'g9','g9','planning',NULL,'submit','2026-11-20T09:07:21.000000Z');
INSERT INTO "journal" VALUES(38,'g9','g9','planned','1 task, template:Social Week','director','2026-11-20T09:07:22.000000Z');
INSERT INTO "journal" VALUES(39,'g9','g9','running',NULL,'director','2026-11-20T09:07:22.000000Z');
INSERT INTO "journal" VALUES(40,'g9','g9-1','drafting',NULL,'director','2026-11-20T09:07:22.000000Z');
INSERT INTO "journal" VALUES(41,'g9','g9-1','reviewing',NULL,'social-content','2026-11-20T09:07:23.000000Z');
INSERT INTO "journal" VALUES(42,'g9','g9-1','drafting','sent back: Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).','reviewer','2026-11-20T09:07:24.000000Z');
INSERT INTO "journal" VALUES(43,'g9','g9-1','reviewing',NULL,'social-content','2026-11-20T09:07:25.000000Z');
INSERT INTO "journal" VALUES(44,'g9','g9-1','escalated','Its score did not rise: 5.5 before, 5.5 now.','reviewer','2026-11-20T09:07:26.000000Z');
INSERT INTO "journal" VALUES(45,'g9','g9-1','asked','The draft of social-content (g9-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','troupe','2026-11-20T09:07:26.000000Z');
INSERT INTO "journal" VALUES(46,'g9','g9','waiting','The draft of social-content (g9-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a4)','reviewer','2026-11-20T09:07:26.000000Z');
INSERT INTO "journal" VALUES(47,'g10','g10','planning',NULL,'submit','2026-11-20T09:08:01.000000Z');
INSERT INTO "journal" VALUES(48,'g10','g10','planned','1 task, template:Social Week','director','2026-11-20T09:08:02.000000Z');
INSERT INTO "journal" VALUES(49,'g10','g10','running',NULL,'director','2026-11-20T09:08:02.000000Z');
INSERT INTO "journal" VALUES(50,'g10','g10-1','drafting',NULL,'director','2026-11-20T09:08:02.000000Z');
INSERT INTO "journal" VALUES(51,'g10','g10-1','reviewing',NULL,'social-content','2026-11-20T09:08:03.000000Z');
INSERT INTO "journal" VALUES(52,'g10','g10-1','drafting','sent back: Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).','reviewer','2026-11-20T09:08:04.000000Z');
INSERT INTO "journal" VALUES(53,'g10','g10-1','reviewing',NULL,'social-content','2026-11-20T09:08:05.000000Z');
INSERT INTO "journal" VALUES(54,'g10','g10-1','escalated','Its score did not rise: 5.5 before, 5.5 now.','reviewer','2026-11-20T09:08:06.000000Z');
INSERT INTO "journal" VALUES(55,'g10','g10-1','asked','The draft of social-content (g10-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','troupe','2026-11-20T09:08:06.000000Z');
INSERT INTO "journal" VALUES(56,'g10','g10','waiting','The draft of social-content (g10-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a5)','reviewer','2026-11-20T09:08:06.000000Z');
INSERT INTO "journal" VALUES(57,'g11','g11','planning',NULL,'submit','2026-11-20T09:08:41.000000Z');
INSERT INTO "journal" VALUES(58,'g11','g11','planned','1 task, template:Social Week','director','2026-11-20T09:08:42.000000Z');
INSERT INTO "journal" VALUES(59,'g11','g11','running',NULL,'director','2026-11-20T09:08:42.000000Z');
INSERT INTO "journal" VALUES(60,'g11','g11-1','drafting',NULL,'director','2026-11-20T09:08:42.000000Z');
INSERT INTO "journal" VALUES(61,'g11','g11-1','reviewing',NULL,'social-content','2026-11-20T09:08:43.000000Z');
INSERT INTO "journal" VALUES(62,'g11','g11-1','drafting','sent back: Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).','reviewer','2026-11-20T09:08:44.000000Z');
INSERT INTO "journal" VALUES(63,'g11','g11-1','reviewing',NULL,'social-content','2026-11-20T09:08:45.000000Z');
INSERT INTO "journal" VALUES(64,'g11','g11-1','escalated','Its score did not rise: 5.5 before, 5.5 now.','reviewer','2026-11-20T09:08:46.000000Z');
INSERT INTO "journal" VALUES(65,'g11','g11-1','asked','The draft of social-content (g11-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal?','troupe','2026-11-20T09:08:46.000000Z');
INSERT INTO "journal" VALUES(66,'g11','g11','waiting','The draft of social-content (g11-1) was not approved. Its score did not rise: 5.5 before, 5.5 now. Take the best version (revision 1), revise it with your instructions, or reject it, which ends the goal? (approval a6)','reviewer','2026-11-20T09:08:46.000000Z');
INSERT INTO "journal" VALUES(67,'g12','g12','planning',NULL,'submit','2026-11-20T09:09:21.000000Z');
INSERT INTO "journal" VALUES(68,'g12','g12','planned','1 task, template:Social Week','director','2026-11-20T09:09:22.000000Z');
INSERT INTO "journal" VALUES(69,'g12','g12','running',NULL,'director','2026-11-20T09:09:22.000000Z');
INSERT INTO "journal" VALUES(70,'g12','g12-1','drafting',NULL,'director','2026-11-20T09:09:22.000000Z');
INSERT INTO "journal" VALUES(71,'g12','g12','asked','The next call of g12 could cost $0.2474; $0.0500 is left of $0.0500 for goal g12. Raise it by $2.00?','troupe','2026-11-20T09:09:23.000000Z');
INSERT INTO "journal" VALUES(72,'g12','g12','waiting','The next call of g12 could cost $0.2474; $0.0500 is left of $0.0500 for goal g12. Raise it by $2.00? (approval a7)','social-content','2026-11-20T09:09:23.000000Z');
INSERT INTO "journal" VALUES(73,'g13','g13','planning',NULL,'submit','2026-11-20T09:10:01.000000Z');
INSERT INTO "journal" VALUES(74,'g13','g13','planned','1 task, template:Social Week','director','2026-11-20T09:10:02.000000Z');
INSERT INTO "journal" VALUES(75,'g13','g13','running',NULL,'director','2026-11-20T09:10:02.000000Z');
INSERT INTO "journal" VALUES(76,'g13','g13-1','drafting',NULL,'director','2026-11-20T09:10:02.000000Z');
INSERT INTO "journal" VALUES(77,'g13','g13','asked','The next call of g13 could cost $0.2474; $0.0500 is left of $0.0500 for goal g13. Raise it by $2.00?','troupe','2026-11-20T09:10:03.000000Z');
INSERT INTO "journal" VALUES(78,'g13','g13','waiting','The next call of g13 could cost $0.2474; $0.0500 is left of $0.0500 for goal g13. Raise it by $2.00? (approval a8)','social-content','2026-11-20T09:10:03.000000Z');
INSERT INTO "journal" VALUES(79,'g14','g14','planning',NULL,'submit','2026-11-20T09:10:41.000000Z');
INSERT INTO "journal" VALUES(80,'g14','g14','planned','1 task, template:Social Week','director','2026-11-20T09:10:42.000000Z');
INSERT INTO "journal" VALUES(81,'g14','g14','running',NULL,'director','2026-11-20T09:10:42.000000Z');
INSERT INTO "journal" VALUES(82,'g14','g14-1','drafting',NULL,'director','2026-11-20T09:10:42.000000Z');
INSERT INTO "journal" VALUES(83,'g14','g14','asked','The next call of g14 could cost $0.2474; $0.0500 is left of $0.0500 for goal g14. Raise it by $2.00?','troupe','2026-11-20T09:10:43.000000Z');
INSERT INTO "journal" VALUES(84,'g14','g14','waiting','The next call of g14 could cost $0.2474; $0.0500 is left of $0.0500 for goal g14. Raise it by $2.00? (approval a9)','social-content','2026-11-20T09:10:43.000000Z');
INSERT INTO "journal" VALUES(85,'g15','g15','planning',NULL,'submit','2026-11-20T09:11:21.000000Z');
INSERT INTO "journal" VALUES(86,'g15','g15','planned','1 task, template:Social Week','director','2026-11-20T09:12:01.000000Z');
INSERT INTO "journal" VALUES(87,'g15','g15','running',NULL,'director','2026-11-20T09:12:01.000000Z');
INSERT INTO "journal" VALUES(88,'g15','g15-1','drafting',NULL,'director','2026-11-20T09:12:01.000000Z');
INSERT INTO "journal" VALUES(89,'g15','g15-1','reviewing',NULL,'social-content','2026-11-20T09:12:02.000000Z');
INSERT INTO "journal" VALUES(90,'g15','g15-1','drafting','sent back: Under the minimum: brand_alignment 5.4 (at least 6), technical_accuracy 5.3 (at least 6).','reviewer','2026-11-20T09:12:03.000000Z');
INSERT INTO "journal" VALUES(91,'g16','g16','planning',NULL,'submit','2026-11-20T09:12:41.000000Z');
INSERT INTO "journal" VALUES(92,'g16','g16','planned','1 task, template:Social Week','director','2026-11-20T09:13:21.000000Z');
INSERT INTO "journal" VALUES(93,'g16','g16','running',NULL,'director','2026-11-20T09:13:21.000000Z');
INSERT INTO "journal" VALUES(94,'g16','g16-1','drafting',NULL,'director','2026-11-20T09:13:21.000000Z');
INSERT INTO "journal" VALUES(95,'g16','g16-1','reviewing',NULL,'social-content','2026-11-20T09:13:22.000000Z');
INSERT INTO "journal" VALUES(96,'g17','g17','planning',NULL,'submit','2026-11-20T09:14:01.000000Z');
INSERT INTO "journal" VALUES(97,'g17','g17','planned','2 tasks, template:Read Twice','director','2026-11-20T09:14:02.000000Z');
INSERT INTO "journal" VALUES(98,'g17','g17','running',NULL,'director','2026-11-20T09:14:02.000000Z');
INSERT INTO "journal" VALUES(99,'g17','g17-1','drafting',NULL,'director','2026-11-20T09:14:02.000000Z');
INSERT INTO "journal" VALUES(100,'g17','g17-1','reviewing',NULL,'social-content','2026-11-20T09:14:03.000000Z');
INSERT INTO "journal" VALUES(101,'g17','g17-1','approved','revision 0, score 7.9','reviewer','2026-11-20T09:14:04.000000Z');
INSERT INTO "journal" VALUES(102,'g17','g17-2','reviewing',NULL,'reviewer','2026-11-20T09:14:04.000000Z');
INSERT INTO "journal" VALUES(103,'g18','g18','planning',NULL,'submit','2026-11-20T09:14:41.000000Z');
INSERT INTO "journal" VALUES(104,'g18','g18','planned','2 tasks, template:Look Back','director','2026-11-20T09:15:21.000000Z');
INSERT INTO "journal" VALUES(105,'g18','g18','running',NULL,'director','2026-11-20T09:15:21.000000Z');
INSERT INTO "journal" VALUES(106,'g18','g18-1','drafting',NULL,'director','2026-11-20T09:15:21.000000Z');
INSERT INTO "journal" VALUES(107,'g18','g18-1','reviewing',NULL,'social-content','2026-11-20T09:15:22.000000Z');
INSERT INTO "journal" VALUES(108,'g18','g18-1','approved','revision 0, score 7.9','reviewer','2026-11-20T09:15:23.000000Z');
INSERT INTO "journal" VALUES(109,'g18','g18-2','drafting',NULL,'reviewer','2026-11-20T09:15:23.000000Z');
INSERT INTO "journal" VALUES(110,'g19','g19','planning',NULL,'submit','2026-11-20T09:16:01.000000Z');
INSERT INTO "journal" VALUES(111,'g19','g19','planned','1 task, template:Social Week','director','2026-11-20T09:16:41.000000Z');
INSERT INTO "journal" VALUES(112,'g19','g19','running',NULL,'director','2026-11-20T09:16:41.000000Z');
INSERT INTO "journal" VALUES(113,'g19','g19-1','drafting',NULL,'director','2026-11-20T09:16:41.000000Z');
INSERT INTO "journal" VALUES(114,'g19','g19-1','reviewing',NULL,'social-content','2026-11-20T09:16:42.000000Z');
INSERT INTO "journal" VALUES(115,'g19','g19-1','approved','revision 0, score 7.9','reviewer','2026-11-20T09:16:43.000000Z');
INSERT INTO "journal" VALUES(116,'g19','g19','concluding',NULL,'reviewer','2026-11-20T09:16:43.000000Z');
INSERT INTO "journal" VALUES(117,'g20','g20','planning',NULL,'submit','2026-11-20T09:17:21.000000Z');
INSERT INTO "journal" VALUES(118,'g20','g20','planned','1 task, template:Social Week','director','2026-11-20T09:17:22.000000Z');
INSERT INTO "journal" VALUES(119,'g20','g20','running',NULL,'director','2026-11-20T09:17:22.000000Z');
INSERT INTO "journal" VALUES(120,'g20','g20-1','drafting',NULL,'director','2026-11-20T09:17:22.000000Z');
INSERT INTO "journal" VALUES(121,'g20','g20-1','reviewing',NULL,'social-content','2026-11-20T09:17:23.000000Z');
INSERT INTO "journal" VALUES(122,'g20','g20-1','escalated','The draft is empty.','reviewer','2026-11-20T09:17:24.000000Z');
INSERT INTO "journal" VALUES(123,'g20','g20-1','asked','The draft of social-content (g20-1) was not approved. The draft is empty. Take it as it is, revise it with your instructions, or reject it, which ends the goal?','troupe','2026-11-20T09:17:24.000000Z');
INSERT INTO "journal" VALUES(124,'g20','g20','waiting','The draft of social-content (g20-1) was not approved. The draft is empty. Take it as it is, revise it with your instructions, or reject it, which ends the goal? (approval a10)','reviewer','2026-11-20T09:17:24.000000Z');
INSERT INTO "journal" VALUES(125,'g21','g21','planning',NULL,'submit','2026-11-20T09:18:01.000000Z');
INSERT INTO "journal" VALUES(126,'g21','g21','planned','1 task, template:Social Week','director','2026-11-20T09:18:02.000000Z');
INSERT INTO "journal" VALUES(127,'g21','g21','running',NULL,'director','2026-11-20T09:18:02.000000Z');
INSERT INTO "journal" VALUES(128,'g21','g21-1','drafting',NULL,'director','2026-11-20T09:18:02.000000Z');
INSERT INTO "journal" VALUES(129,'g21','g21-1','reviewing',NULL,'social-content','2026-11-20T09:18:03.000000Z');
INSERT INTO "journal" VALUES(130,'g21','g21-1','review failed','The review of g21-1 could not be read: not JSON: Expecting value at character 0.','reviewer','2026-11-20T09:20:08.000000Z');
INSERT INTO "journal" VALUES(131,'g21','g21-1','escalated','The review of g21-1 could not be read: not JSON: Expecting value at character 0.','reviewer','2026-11-20T09:20:08.000000Z');
INSERT INTO "journal" VALUES(132,'g21','g21-1','asked','The review of social-content (g21-1) failed after 3 attempts: The review of g21-1 could not be read: not JSON: Expecting value at character 0. Try again?','troupe','2026-11-20T09:20:08.000000Z');
INSERT INTO "journal" VALUES(133,'g21','g21','waiting','The review of social-content (g21-1) failed after 3 attempts: The review of g21-1 could not be read: not JSON: Expecting value at character 0. Try again? (approval a11)','reviewer','2026-11-20T09:20:08.000000Z');
INSERT INTO "journal" VALUES(134,'g22','g22','planning',NULL,'submit','2026-11-20T09:18:41.000000Z');
INSERT INTO "journal" VALUES(135,'g22','g22','planned','1 task, template:Social Week','director','2026-11-20T09:18:42.000000Z');
INSERT INTO "journal" VALUES(136,'g22','g22','running',NULL,'director','2026-11-20T09:18:42.000000Z');
INSERT INTO "journal" VALUES(137,'g22','g22-1','drafting',NULL,'director','2026-11-20T09:18:42.000000Z');
INSERT INTO "journal" VALUES(138,'g22','g22-1','reviewing',NULL,'social-content','2026-11-20T09:18:43.000000Z');
INSERT INTO "journal" VALUES(139,'g22','g22-1','review failed','The review of g22-1 could not be read: not JSON: Expecting value at character 0.','reviewer','2026-11-20T09:20:48.000000Z');
INSERT INTO "journal" VALUES(140,'g22','g22-1','escalated','The review of g22-1 could not be read: not JSON: Expecting value at character 0.','reviewer','2026-11-20T09:20:48.000000Z');
INSERT INTO "journal" VALUES(141,'g22','g22-1','asked','The review of social-content (g22-1) failed after 3 attempts: The review of g22-1 could not be read: not JSON: Expecting value at character 0. Try again?','troupe','2026-11-20T09:20:48.000000Z');
INSERT INTO "journal" VALUES(142,'g22','g22','waiting','The review of social-content (g22-1) failed after 3 attempts: The review of g22-1 could not be read: not JSON: Expecting value at character 0. Try again? (approval a12)','reviewer','2026-11-20T09:20:48.000000Z');
INSERT INTO "journal" VALUES(143,'g23','g23','planning',NULL,'submit','2026-11-20T09:19:21.000000Z');
INSERT INTO "journal" VALUES(144,'g23','g23','planned','1 task, template:Social Week','director','2026-11-20T09:19:22.000000Z');
INSERT INTO "journal" VALUES(145,'g23','g23','running',NULL,'director','2026-11-20T09:19:22.000000Z');
INSERT INTO "journal" VALUES(146,'g23','g23-1','drafting',NULL,'director','2026-11-20T09:19:22.000000Z');
INSERT INTO "journal" VALUES(147,'g23','g23','asked','The next call of g23 could cost $0.2474; $0.00 is left of $0.5000 for the month 2026-11. Raise it by $19.00?','troupe','2026-11-20T09:19:23.000000Z');
INSERT INTO "journal" VALUES(148,'g23','g23','waiting','The next call of g23 could cost $0.2474; $0.00 is left of $0.5000 for the month 2026-11. Raise it by $19.00? (approval a13)','social-content','2026-11-20T09:19:23.000000Z');
INSERT INTO "journal" VALUES(149,'g24','g24','planning',NULL,'submit','2026-11-20T09:20:01.000000Z');
INSERT INTO "journal" VALUES(150,'g24','g24','cancelled','cancelled by person','person','2026-11-20T09:20:01.000000Z');
INSERT INTO "journal" VALUES(151,'g25','g25','planning',NULL,'submit','2026-11-20T09:20:41.000000Z');
INSERT INTO "journal" VALUES(152,'g25','g25','planned','1 task, template:Social Week','director','2026-11-20T09:20:42.000000Z');
INSERT INTO "journal" VALUES(153,'g25','g25','running',NULL,'director','2026-11-20T09:20:42.000000Z');
INSERT INTO "journal" VALUES(154,'g25','g25-1','drafting',NULL,'director','2026-11-20T09:20:42.000000Z');
INSERT INTO "journal" VALUES(155,'g25','g25','waiting','The model service cannot be reached: the rehearsal is away.','social-content','2026-11-20T09:24:48.000000Z');
INSERT INTO "journal" VALUES(156,'g25','g25','running',NULL,'social-content','2026-11-20T09:26:50.000000Z');
INSERT INTO "journal" VALUES(157,'g25','g25','waiting','The model service cannot be reached: the rehearsal is away.','social-content','2026-11-20T09:26:50.000000Z');
CREATE TABLE reviews (
	id INTEGER NOT NULL, 
	task VARCHAR(48) NOT NULL, 
	draft INTEGER NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	score FLOAT, 
	document JSON NOT NULL, 
	created_at VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_reviews PRIMARY KEY (id), 
	CONSTRAINT fk_reviews_draft_drafts FOREIGN KEY(draft) REFERENCES drafts (id), 
	CONSTRAINT fk_reviews_task_tasks FOREIGN KEY(task) REFERENCES tasks (id), 
	CONSTRAINT uq_reviews_draft_by UNIQUE (draft, "by")
);
INSERT INTO "reviews" VALUES(1,'g1-1',1,'reviewer','approve',7.87,'{"scores": {"completeness": 8.1, "clarity": 7.6, "actionability": 8.1, "brand_alignment": 8.0, "data_use": 8.1, "technical_accuracy": 7.5, "creativity": 7.7}, "findings": [{"severity": "minor", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "The point is made twice in different words.", "change": "In Assumptions and open facts, keep the more concrete of the two."}, {"severity": "suggestion", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "A reader in a hurry meets the reason before the result.", "change": "In Handover, begin with the result."}], "summary": "Rehearsal: written by the built-in model, not by Claude. Usable as it is; the remarks are improvements, not conditions."}','2026-11-20T09:00:04.000000Z');
INSERT INTO "reviews" VALUES(2,'g8-1',2,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:06:44.000000Z');
INSERT INTO "reviews" VALUES(3,'g8-1',3,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:06:46.000000Z');
INSERT INTO "reviews" VALUES(4,'g9-1',4,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:07:24.000000Z');
INSERT INTO "reviews" VALUES(5,'g9-1',5,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:07:26.000000Z');
INSERT INTO "reviews" VALUES(6,'g10-1',6,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:08:04.000000Z');
INSERT INTO "reviews" VALUES(7,'g10-1',7,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:08:06.000000Z');
INSERT INTO "reviews" VALUES(8,'g11-1',8,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:08:44.000000Z');
INSERT INTO "reviews" VALUES(9,'g11-1',9,'reviewer','revise',5.5,'{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:08:46.000000Z');
INSERT INTO "reviews" VALUES(10,'g15-1',10,'reviewer','revise',5.36,'{"scores": {"completeness": 5.3, "clarity": 5.5, "actionability": 5.3, "brand_alignment": 5.4, "data_use": 5.4, "technical_accuracy": 5.3, "creativity": 5.3}, "findings": [{"severity": "major", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}','2026-11-20T09:12:03.000000Z');
INSERT INTO "reviews" VALUES(11,'g17-1',12,'reviewer','approve',7.87,'{"scores": {"completeness": 8.1, "clarity": 7.6, "actionability": 8.1, "brand_alignment": 8.0, "data_use": 8.1, "technical_accuracy": 7.5, "creativity": 7.7}, "findings": [{"severity": "minor", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "The point is made twice in different words.", "change": "In Assumptions and open facts, keep the more concrete of the two."}, {"severity": "suggestion", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "A reader in a hurry meets the reason before the result.", "change": "In Handover, begin with the result."}], "summary": "Rehearsal: written by the built-in model, not by Claude. Usable as it is; the remarks are improvements, not conditions."}','2026-11-20T09:14:04.000000Z');
INSERT INTO "reviews" VALUES(12,'g18-1',13,'reviewer','approve',7.87,'{"scores": {"completeness": 8.1, "clarity": 7.6, "actionability": 8.1, "brand_alignment": 8.0, "data_use": 8.1, "technical_accuracy": 7.5, "creativity": 7.7}, "findings": [{"severity": "minor", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "The point is made twice in different words.", "change": "In Assumptions and open facts, keep the more concrete of the two."}, {"severity": "suggestion", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "A reader in a hurry meets the reason before the result.", "change": "In Handover, begin with the result."}], "summary": "Rehearsal: written by the built-in model, not by Claude. Usable as it is; the remarks are improvements, not conditions."}','2026-11-20T09:15:23.000000Z');
INSERT INTO "reviews" VALUES(13,'g19-1',14,'reviewer','approve',7.87,'{"scores": {"completeness": 8.1, "clarity": 7.6, "actionability": 8.1, "brand_alignment": 8.0, "data_use": 8.1, "technical_accuracy": 7.5, "creativity": 7.7}, "findings": [{"severity": "minor", "where": "Assumptions and open facts: \u201cAssumption: there is no product context; what concerns the product is open [needs source]\u201d", "what": "The point is made twice in different words.", "change": "In Assumptions and open facts, keep the more concrete of the two."}, {"severity": "suggestion", "where": "Handover: \u201cGoal and angle: goal and the behavior that shows it, audience, speaker\u2026\u201d", "what": "A reader in a hurry meets the reason before the result.", "change": "In Handover, begin with the result."}], "summary": "Rehearsal: written by the built-in model, not by Claude. Usable as it is; the remarks are improvements, not conditions."}','2026-11-20T09:16:43.000000Z');
INSERT INTO "reviews" VALUES(14,'g20-1',15,'reviewer','escalate',0.0,'{"certain": ["The draft is empty."]}','2026-11-20T09:17:24.000000Z');
CREATE TABLE tasks (
	id VARCHAR(48) NOT NULL, 
	brand VARCHAR(64) NOT NULL, 
	goal VARCHAR(32) NOT NULL, 
	"key" VARCHAR(128) NOT NULL, 
	position INTEGER NOT NULL, 
	skill VARCHAR(64) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	brief TEXT NOT NULL, 
	target VARCHAR(48), 
	state VARCHAR(32) NOT NULL, 
	revision INTEGER NOT NULL, 
	score FLOAT, 
	notes TEXT, 
	deliverable BIGINT, 
	path TEXT, 
	created_at VARCHAR(27) NOT NULL, basis BIGINT, record_hash VARCHAR(64) REFERENCES texts (hash), 
	CONSTRAINT pk_tasks PRIMARY KEY (id), 
	CONSTRAINT fk_tasks_goal_goals FOREIGN KEY(goal) REFERENCES goals (id), 
	CONSTRAINT fk_tasks_target_tasks FOREIGN KEY(target) REFERENCES tasks (id), 
	CONSTRAINT uq_tasks_goal_key UNIQUE (goal, "key"), 
	CONSTRAINT uq_tasks_goal_position UNIQUE (goal, position)
);
INSERT INTO "tasks" VALUES('g1-1','default','g1','social-content',1,'social-content','draft','',NULL,'approved',0,7.87,NULL,1,'outputs/creative/social-content/g1-1.md','2026-11-20T09:00:02.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g4-1','default','g4','social-content',1,'social-content','draft','',NULL,'planned',0,NULL,NULL,NULL,NULL,'2026-11-20T09:02:42.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g5-1','default','g5','social-content',1,'social-content','draft','',NULL,'planned',0,NULL,NULL,NULL,NULL,'2026-11-20T09:03:22.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g6-1','default','g6','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:04:41.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g7-1','default','g7','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:06:01.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g8-1','default','g8','social-content',1,'social-content','draft','',NULL,'escalated',1,NULL,'Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).
Overall 5.5 of 10; 7 is needed.
- major, Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.
- major, Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells.',NULL,NULL,'2026-11-20T09:06:42.000000Z',2,NULL);
INSERT INTO "tasks" VALUES('g9-1','default','g9','social-content',1,'social-content','draft','',NULL,'escalated',1,NULL,'Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).
Overall 5.5 of 10; 7 is needed.
- major, Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.
- major, Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells.',NULL,NULL,'2026-11-20T09:07:22.000000Z',4,NULL);
INSERT INTO "tasks" VALUES('g10-1','default','g10','social-content',1,'social-content','draft','',NULL,'escalated',1,NULL,'Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).
Overall 5.5 of 10; 7 is needed.
- major, Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.
- major, Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells.',NULL,NULL,'2026-11-20T09:08:02.000000Z',6,NULL);
INSERT INTO "tasks" VALUES('g11-1','default','g11','social-content',1,'social-content','draft','',NULL,'escalated',1,NULL,'Under the minimum: brand_alignment 5.5 (at least 6), technical_accuracy 5.5 (at least 6).
Overall 5.5 of 10; 7 is needed.
- major, Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.
- major, Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells.',NULL,NULL,'2026-11-20T09:08:42.000000Z',8,NULL);
INSERT INTO "tasks" VALUES('g12-1','default','g12','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:09:22.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g13-1','default','g13','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:10:02.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g14-1','default','g14','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:10:42.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g15-1','default','g15','social-content',1,'social-content','draft','',NULL,'drafting',1,NULL,'Under the minimum: brand_alignment 5.4 (at least 6), technical_accuracy 5.3 (at least 6).
Overall 5.4 of 10; 7 is needed.
- major, Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”: It says what is known and not what follows from it. Change: In Assumptions and open facts, name the one decision that follows for the reader, and put it first.
- major, Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”: Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point who does it, by when, and the measure that tells.',NULL,NULL,'2026-11-20T09:12:01.000000Z',10,NULL);
INSERT INTO "tasks" VALUES('g16-1','default','g16','social-content',1,'social-content','draft','',NULL,'reviewing',0,NULL,NULL,NULL,NULL,'2026-11-20T09:13:21.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g17-1','default','g17','social-content',1,'social-content','draft','',NULL,'approved',0,7.87,NULL,12,'outputs/creative/social-content/g17-1.md','2026-11-20T09:14:02.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g17-2','default','g17','review-by-copywriting',2,'copywriting','review','','g17-1','reviewing',0,NULL,NULL,NULL,NULL,'2026-11-20T09:14:02.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g18-1','default','g18','social-content',1,'social-content','draft','',NULL,'approved',0,7.87,NULL,13,'outputs/creative/social-content/g18-1.md','2026-11-20T09:15:21.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g18-2','default','g18','report',2,'director','report','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:15:21.000000Z',NULL,'1a7127a01cf4cacf53f37cfa2b21962dc08ed022dbf840ad50a2a53cc40a9a9a');
INSERT INTO "tasks" VALUES('g19-1','default','g19','social-content',1,'social-content','draft','',NULL,'approved',0,7.87,NULL,14,'outputs/creative/social-content/g19-1.md','2026-11-20T09:16:41.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g20-1','default','g20','social-content',1,'social-content','draft','',NULL,'escalated',0,NULL,NULL,NULL,NULL,'2026-11-20T09:17:22.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g21-1','default','g21','social-content',1,'social-content','draft','',NULL,'escalated',0,NULL,NULL,NULL,NULL,'2026-11-20T09:18:02.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g22-1','default','g22','social-content',1,'social-content','draft','',NULL,'escalated',0,NULL,NULL,NULL,NULL,'2026-11-20T09:18:42.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g23-1','default','g23','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:19:22.000000Z',NULL,NULL);
INSERT INTO "tasks" VALUES('g25-1','default','g25','social-content',1,'social-content','draft','',NULL,'drafting',0,NULL,NULL,NULL,NULL,'2026-11-20T09:20:42.000000Z',NULL,NULL);
CREATE TABLE texts (
	hash VARCHAR(64) NOT NULL, 
	text TEXT NOT NULL, 
	CONSTRAINT pk_texts PRIMARY KEY (hash)
);
INSERT INTO "texts" VALUES('3bc82c3e9070d69034782fbe00acd060b23ae8e99c3d24429127418e1f89d54b','# Social content

> Rehearsal: written by the built-in model, not by Claude. Structure and hand-overs are real, judgement is not.

## Goal and angle

Goal: “Tell the gnomes that spring has come”. Written for the product.

Assumption: there is no product context, so all of this rests on the goal alone; the goal''s owner confirms it before anything is published.

Asked for here:

- Goal and the behavior that shows it, audience, speaker (page or named person), platforms and why, the one-sentence angle, and sources used.
- If only one day was asked for, say so here and keep the batch at that size.

Nothing is known here yet: a product context would say what to build on.

## Posts

Asked for here:

- The table below.
- One sub-heading per post: number, platform, working title, date slot.
- Under each, labelled lines: Job (teach, position, proof, work, ask), Text, Characters (counted; state limit), Visual, Alt text, Link and tags, Second hook (one alternative first line for testing)…

Nothing is known here yet: a product context would say what to build on.

| Seconds | Spoken | Picture | On-screen text |
| --- | --- | --- | --- |
| to be decided | to be decided | to be decided | to be decided |

Customer-facing words name no fact about the product until a context says what is true.

## Publishing plan

Asked for here:

- The table below.
- Who watches replies and for how long, and prepared answers to two likely objections.

Nothing is known here yet: a product context would say what to build on.

| Slot | Post | Platform | Speaker | Needs | Pull if |
| --- | --- | --- | --- | --- | --- |
| 1 | to be decided | to be decided | to be decided | to be decided | to be decided |

## Measurement

Asked for here:

- The table below.
- Compare with the account''s own last 10 to 20 posts of that format, not with industry averages; if no history exists, say this batch is the baseline.
- One decision rule for each measure.
- Link tags written out (source, medium, campaign).

Nothing is known here yet: a product context would say what to build on.

| Post or batch | Measure | Compare with | Read after | Then |
| --- | --- | --- | --- | --- |
| to be decided | to be decided | to be decided | to be decided | to be decided |

## Assumptions and open facts

Asked for here:

- Assumed platform, speaker, time zone; facts and permissions to confirm (names, customers, images, embargo); every [needs source].

What is open:

- Assumption: there is no product context; what concerns the product is open [needs source].
- Open: this is a rehearsal, so nobody has weighed one choice against another; a person has to.

## Handover

Asked for here:

- Who publishes, who must approve what before, which assets to make first, and what to send back after a week.
- No other specialist consumes this directly; name content-strategy for topics that drew questions.

Where others find what they need:

- Goal and angle: goal and the behavior that shows it, audience, speaker (page or named person), platforms and why, the one-sentence angle, and sources used.
- Posts: one sub-heading per post: number, platform, working title, date slot.
- Publishing plan: a table of slot, post, platform, speaker, needs, pull if.
- Measurement: a table of post or batch, measure, compare with, read after, then.
- Assumptions and open facts: assumed platform, speaker, time zone; facts and permissions to confirm (names, customers, images, embargo); every [needs source].
');
INSERT INTO "texts" VALUES('8ef550d87dd81ea39bd5251d00076ae88ea2d103829f926eb45d2c35f228bf9c','{"scores": {"completeness": 8.1, "clarity": 7.6, "actionability": 8.1, "brand_alignment": 8.0, "data_use": 8.1, "technical_accuracy": 7.5, "creativity": 7.7}, "findings": [{"severity": "minor", "where": "Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”", "what": "The point is made twice in different words.", "change": "In Assumptions and open facts, keep the more concrete of the two."}, {"severity": "suggestion", "where": "Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”", "what": "A reader in a hurry meets the reason before the result.", "change": "In Handover, begin with the result."}], "summary": "Rehearsal: written by the built-in model, not by Claude. Usable as it is; the remarks are improvements, not conditions."}');
INSERT INTO "texts" VALUES('558553fc54ba46939634d103ed9700b5cc64057aa1d1c84d6342202929db1b6b','{"summary": "Rehearsal: written by the built-in model, not by Claude. For “Tell the gnomes that spring has come” there is now 1 approved deliverable: social-content (“Social content”). They rest on the goal alone; what they assume is listed in each of them. The next steps come from their own sections.", "contradictions": [], "next_steps": ["Settle what social-content lists under Assumptions and open facts, beginning with “Assumption: there is no product context; what concerns the product is open [needs source].”", "Act on Handover of social-content: “Goal and angle: goal and the behavior that shows it, audience, speaker (page or named person), platforms and why, the…”", "Read the deliverables in the order of the plan and strike out what is not true of the brand.", "Decide who owns “Tell the gnomes that spring has come” from here, and by which number it is judged.", "Supply the facts that are marked as needing a source."]}');
INSERT INTO "texts" VALUES('6835a9251b2f9c9a2f52a9e122fbbef7bd4cc1429ddce01b2f6457b12f77287f','{"scores": {"completeness": 5.5, "clarity": 5.5, "actionability": 5.5, "brand_alignment": 5.5, "data_use": 5.5, "technical_accuracy": 5.5, "creativity": 5.5}, "findings": [{"severity": "major", "where": "Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}');
INSERT INTO "texts" VALUES('a4e81bf8f0952c654d7213c7b8c20411b3655841f85f88c0d9f3e5a3c5fafef2','# Social content

> Rehearsal: written by the built-in model, not by Claude. Structure and hand-overs are real, judgement is not.

## Goal and angle

Goal: “Tell the gnomes that spring has come”. Written for the product.

Assumption: there is no product context, so all of this rests on the goal alone; the goal''s owner confirms it before anything is published.

Asked for here:

- Goal and the behavior that shows it, audience, speaker (page or named person), platforms and why, the one-sentence angle, and sources used.
- If only one day was asked for, say so here and keep the batch at that size.

Nothing is known here yet: a product context would say what to build on.

## Posts

Asked for here:

- The table below.
- One sub-heading per post: number, platform, working title, date slot.
- Under each, labelled lines: Job (teach, position, proof, work, ask), Text, Characters (counted; state limit), Visual, Alt text, Link and tags, Second hook (one alternative first line for testing)…

Nothing is known here yet: a product context would say what to build on.

| Seconds | Spoken | Picture | On-screen text |
| --- | --- | --- | --- |
| to be decided | to be decided | to be decided | to be decided |

Customer-facing words name no fact about the product until a context says what is true.

## Publishing plan

Asked for here:

- The table below.
- Who watches replies and for how long, and prepared answers to two likely objections.

Nothing is known here yet: a product context would say what to build on.

| Slot | Post | Platform | Speaker | Needs | Pull if |
| --- | --- | --- | --- | --- | --- |
| 1 | to be decided | to be decided | to be decided | to be decided | to be decided |

## Measurement

Asked for here:

- The table below.
- Compare with the account''s own last 10 to 20 posts of that format, not with industry averages; if no history exists, say this batch is the baseline.
- One decision rule for each measure.
- Link tags written out (source, medium, campaign).

Nothing is known here yet: a product context would say what to build on.

| Post or batch | Measure | Compare with | Read after | Then |
| --- | --- | --- | --- | --- |
| to be decided | to be decided | to be decided | to be decided | to be decided |

## Assumptions and open facts

Asked for here:

- Assumed platform, speaker, time zone; facts and permissions to confirm (names, customers, images, embargo); every [needs source].

What is open:

- Assumption: there is no product context; what concerns the product is open [needs source].
- Open: this is a rehearsal, so nobody has weighed one choice against another; a person has to.

Changed in revision 1, by the notes:

- “major, Assumptions and open facts: ''Assumption: there is no product context; what concerns the product is open [needs source]'': It says what is known and not what follows from it. Change: In Assumptions and open facts…” Done: Assumptions and open facts now says first what follows, who does it and how it is seen, and rests on the goal.

## Handover

Asked for here:

- Who publishes, who must approve what before, which assets to make first, and what to send back after a week.
- No other specialist consumes this directly; name content-strategy for topics that drew questions.

Where others find what they need:

- Goal and angle: goal and the behavior that shows it, audience, speaker (page or named person), platforms and why, the one-sentence angle, and sources used.
- Posts: one sub-heading per post: number, platform, working title, date slot.
- Publishing plan: a table of slot, post, platform, speaker, needs, pull if.
- Measurement: a table of post or batch, measure, compare with, read after, then.
- Assumptions and open facts: assumed platform, speaker, time zone; facts and permissions to confirm (names, customers, images, embargo); every [needs source].

Changed in revision 1, by the notes:

- “major, Handover: ''Goal and angle: goal and the behavior that shows it, audience, speaker…'': Whoever acts on it would have to ask who does what, and how it is seen to have worked. Change: In Handover, add for each point…” Done: Handover now says first what follows, who does it and how it is seen, and rests on the goal.
');
INSERT INTO "texts" VALUES('610faef8c878bd638329da82c30e1091935f92e1dd02cfb284d3515998a3a761','{"scores": {"completeness": 5.3, "clarity": 5.5, "actionability": 5.3, "brand_alignment": 5.4, "data_use": 5.4, "technical_accuracy": 5.3, "creativity": 5.3}, "findings": [{"severity": "major", "where": "Assumptions and open facts: “Assumption: there is no product context; what concerns the product is open [needs source]”", "what": "It says what is known and not what follows from it.", "change": "In Assumptions and open facts, name the one decision that follows for the reader, and put it first."}, {"severity": "major", "where": "Handover: “Goal and angle: goal and the behavior that shows it, audience, speaker…”", "what": "Whoever acts on it would have to ask who does what, and how it is seen to have worked.", "change": "In Handover, add for each point who does it, by when, and the measure that tells."}], "summary": "Rehearsal: written by the built-in model, not by Claude. It needs work by someone who knows the discipline before it can be used."}');
INSERT INTO "texts" VALUES('1a7127a01cf4cacf53f37cfa2b21962dc08ed022dbf840ad50a2a53cc40a9a9a','| goal | asked | category | priority | state | approved | revisions | mean score | cost |
|---|---|---|---|---|---|---|---|---|
| g1 | Tell the gnomes that spring has come | strategic | P2 | completed | 1 of 1 | 0 | 7.9 | $0.0626 |
| g2 | Tell the gnomes that spring has come | strategic | P2 | planning | 0 of 0 | 0 | none | $0.00 |
| g3 | Tell the gnomes that spring has come | strategic | P2 | planning | 0 of 0 | 0 | none | $0.00 |
| g4 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 0 | none | $0.00 |
| g5 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 0 | none | $0.00 |
| g6 | Tell the gnomes that spring has come | strategic | P2 | running | 0 of 1 | 0 | none | $0.00 |
| g7 | Tell the gnomes that spring has come | strategic | P2 | running | 0 of 1 | 0 | none | $0.0347 |
| g8 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 1 | none | $0.0712 |
| g9 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 1 | none | $0.0712 |
| g10 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 1 | none | $0.0712 |
| g11 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 1 | none | $0.0712 |
| g12 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 0 | none | $0.00 |
| g13 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 0 | none | $0.00 |
| g14 | Tell the gnomes that spring has come | strategic | P2 | waiting | 0 of 1 | 0 | none | $0.00 |
| g15 | Tell the gnomes that spring has come | strategic | P2 | running | 0 of 1 | 1 | none | $0.0459 |
| g16 | Tell the gnomes that spring has come | strategic | P2 | running | 0 of 1 | 0 | none | $0.0347 |
| g17 | Tell the gnomes that spring has come | strategic | P2 | running | 1 of 2 | 0 | 7.9 | $0.0454 |

Total cost: $0.5080 for 17 goals.
Questions that wait for a person: 9.');
INSERT INTO "texts" VALUES('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855','');
INSERT INTO "texts" VALUES('ed49a3017624fb6ed36fa5187d9111aab27e7d517ba2142955739e9a61706a93','I had a look at it, and on the whole { it depends.');
CREATE TABLE turns (
	id INTEGER NOT NULL, 
	brand VARCHAR(64) NOT NULL, 
	goal VARCHAR(32) NOT NULL, 
	actor VARCHAR(64) NOT NULL, 
	verb VARCHAR(16) NOT NULL, 
	subject VARCHAR(48) NOT NULL, 
	"key" VARCHAR(160) NOT NULL, 
	priority VARCHAR(32) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	not_before VARCHAR(27) NOT NULL, 
	attempts INTEGER NOT NULL, 
	waits INTEGER NOT NULL, 
	epoch INTEGER NOT NULL, 
	owner VARCHAR(64), 
	lease_until VARCHAR(27), 
	due_at VARCHAR(27), 
	error TEXT, 
	created_at VARCHAR(27) NOT NULL, 
	finished_at VARCHAR(27), crashes INTEGER DEFAULT 0 NOT NULL, held_for JSON, 
	CONSTRAINT pk_turns PRIMARY KEY (id), 
	CONSTRAINT fk_turns_goal_goals FOREIGN KEY(goal) REFERENCES goals (id), 
	CONSTRAINT uq_turns_key UNIQUE ("key")
);
INSERT INTO "turns" VALUES(1,'default','g1','director','plan','g1','plan:g1:','P2','done','2026-11-20T09:00:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:00:01.000000Z','2026-11-20T09:00:02.000000Z',0,NULL);
INSERT INTO "turns" VALUES(2,'default','g1','social-content','draft','g1-1','draft:g1-1:0','P2','done','2026-11-20T09:00:02.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:00:02.000000Z','2026-11-20T09:00:03.000000Z',0,NULL);
INSERT INTO "turns" VALUES(3,'default','g1','reviewer','review','g1-1','review:g1-1:0','P2','done','2026-11-20T09:00:03.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:00:03.000000Z','2026-11-20T09:00:04.000000Z',0,NULL);
INSERT INTO "turns" VALUES(4,'default','g1','director','conclude','g1','conclude:g1:','P2','done','2026-11-20T09:00:04.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:00:04.000000Z','2026-11-20T09:00:05.000000Z',0,NULL);
INSERT INTO "turns" VALUES(5,'default','g2','director','plan','g2','plan:g2:','P2','dispatched','2026-11-20T09:00:41.000000Z',0,0,0,NULL,NULL,'2026-11-20T09:00:41.000000Z',NULL,'2026-11-20T09:00:41.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(6,'default','g3','director','plan','g3','plan:g3:','P2','running','2026-11-20T09:01:21.000000Z',0,0,1,'left:1','2026-11-20T09:02:09.000000Z','2026-11-20T09:02:09.000000Z',NULL,'2026-11-20T09:01:21.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(7,'default','g4','director','plan','g4','plan:g4:','P2','done','2026-11-20T09:02:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:02:41.000000Z','2026-11-20T09:02:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(8,'default','g5','director','plan','g5','plan:g5:','P2','done','2026-11-20T09:03:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:03:21.000000Z','2026-11-20T09:03:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(9,'default','g6','director','plan','g6','plan:g6:','P2','done','2026-11-20T09:04:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:04:01.000000Z','2026-11-20T09:04:41.000000Z',0,NULL);
INSERT INTO "turns" VALUES(10,'default','g6','social-content','draft','g6-1','draft:g6-1:0','P2','running','2026-11-20T09:04:41.000000Z',0,0,1,'left:1','2026-11-20T09:04:50.000000Z','2026-11-20T09:04:50.000000Z',NULL,'2026-11-20T09:04:41.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(11,'default','g7','director','plan','g7','plan:g7:','P2','done','2026-11-20T09:05:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:05:21.000000Z','2026-11-20T09:06:01.000000Z',0,NULL);
INSERT INTO "turns" VALUES(12,'default','g7','social-content','draft','g7-1','draft:g7-1:0','P2','running','2026-11-20T09:06:01.000000Z',0,0,1,'left:1','2026-11-20T09:06:10.000000Z','2026-11-20T09:06:10.000000Z',NULL,'2026-11-20T09:06:01.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(13,'default','g8','director','plan','g8','plan:g8:','P2','done','2026-11-20T09:06:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:06:41.000000Z','2026-11-20T09:06:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(14,'default','g8','social-content','draft','g8-1','draft:g8-1:0','P2','done','2026-11-20T09:06:42.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:06:42.000000Z','2026-11-20T09:06:43.000000Z',0,NULL);
INSERT INTO "turns" VALUES(15,'default','g8','reviewer','review','g8-1','review:g8-1:0','P2','done','2026-11-20T09:06:43.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:06:43.000000Z','2026-11-20T09:06:44.000000Z',0,NULL);
INSERT INTO "turns" VALUES(16,'default','g8','social-content','draft','g8-1','draft:g8-1:1','P2','done','2026-11-20T09:06:44.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:06:44.000000Z','2026-11-20T09:06:45.000000Z',0,NULL);
INSERT INTO "turns" VALUES(17,'default','g8','reviewer','review','g8-1','review:g8-1:1','P2','done','2026-11-20T09:06:45.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:06:45.000000Z','2026-11-20T09:06:46.000000Z',0,NULL);
INSERT INTO "turns" VALUES(18,'default','g9','director','plan','g9','plan:g9:','P2','done','2026-11-20T09:07:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:07:21.000000Z','2026-11-20T09:07:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(19,'default','g9','social-content','draft','g9-1','draft:g9-1:0','P2','done','2026-11-20T09:07:22.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:07:22.000000Z','2026-11-20T09:07:23.000000Z',0,NULL);
INSERT INTO "turns" VALUES(20,'default','g9','reviewer','review','g9-1','review:g9-1:0','P2','done','2026-11-20T09:07:23.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:07:23.000000Z','2026-11-20T09:07:24.000000Z',0,NULL);
INSERT INTO "turns" VALUES(21,'default','g9','social-content','draft','g9-1','draft:g9-1:1','P2','done','2026-11-20T09:07:24.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:07:24.000000Z','2026-11-20T09:07:25.000000Z',0,NULL);
INSERT INTO "turns" VALUES(22,'default','g9','reviewer','review','g9-1','review:g9-1:1','P2','done','2026-11-20T09:07:25.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:07:25.000000Z','2026-11-20T09:07:26.000000Z',0,NULL);
INSERT INTO "turns" VALUES(23,'default','g10','director','plan','g10','plan:g10:','P2','done','2026-11-20T09:08:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:01.000000Z','2026-11-20T09:08:02.000000Z',0,NULL);
INSERT INTO "turns" VALUES(24,'default','g10','social-content','draft','g10-1','draft:g10-1:0','P2','done','2026-11-20T09:08:02.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:02.000000Z','2026-11-20T09:08:03.000000Z',0,NULL);
INSERT INTO "turns" VALUES(25,'default','g10','reviewer','review','g10-1','review:g10-1:0','P2','done','2026-11-20T09:08:03.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:03.000000Z','2026-11-20T09:08:04.000000Z',0,NULL);
INSERT INTO "turns" VALUES(26,'default','g10','social-content','draft','g10-1','draft:g10-1:1','P2','done','2026-11-20T09:08:04.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:04.000000Z','2026-11-20T09:08:05.000000Z',0,NULL);
INSERT INTO "turns" VALUES(27,'default','g10','reviewer','review','g10-1','review:g10-1:1','P2','done','2026-11-20T09:08:05.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:05.000000Z','2026-11-20T09:08:06.000000Z',0,NULL);
INSERT INTO "turns" VALUES(28,'default','g11','director','plan','g11','plan:g11:','P2','done','2026-11-20T09:08:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:41.000000Z','2026-11-20T09:08:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(29,'default','g11','social-content','draft','g11-1','draft:g11-1:0','P2','done','2026-11-20T09:08:42.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:42.000000Z','2026-11-20T09:08:43.000000Z',0,NULL);
INSERT INTO "turns" VALUES(30,'default','g11','reviewer','review','g11-1','review:g11-1:0','P2','done','2026-11-20T09:08:43.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:43.000000Z','2026-11-20T09:08:44.000000Z',0,NULL);
INSERT INTO "turns" VALUES(31,'default','g11','social-content','draft','g11-1','draft:g11-1:1','P2','done','2026-11-20T09:08:44.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:44.000000Z','2026-11-20T09:08:45.000000Z',0,NULL);
INSERT INTO "turns" VALUES(32,'default','g11','reviewer','review','g11-1','review:g11-1:1','P2','done','2026-11-20T09:08:45.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:08:45.000000Z','2026-11-20T09:08:46.000000Z',0,NULL);
INSERT INTO "turns" VALUES(33,'default','g12','director','plan','g12','plan:g12:','P2','done','2026-11-20T09:09:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:09:21.000000Z','2026-11-20T09:09:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(34,'default','g12','social-content','draft','g12-1','draft:g12-1:0','P2','held','2026-11-20T09:09:22.000000Z',0,0,1,NULL,NULL,NULL,'The next call of g12 could cost $0.2474; $0.0500 is left of $0.0500 for goal g12.','2026-11-20T09:09:22.000000Z',NULL,0,'{"scope": "goal g12", "rehearsal": true, "worst_nano": 247407500}');
INSERT INTO "turns" VALUES(35,'default','g13','director','plan','g13','plan:g13:','P2','done','2026-11-20T09:10:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:10:01.000000Z','2026-11-20T09:10:02.000000Z',0,NULL);
INSERT INTO "turns" VALUES(36,'default','g13','social-content','draft','g13-1','draft:g13-1:0','P2','held','2026-11-20T09:10:02.000000Z',0,0,1,NULL,NULL,NULL,'The next call of g13 could cost $0.2474; $0.0500 is left of $0.0500 for goal g13.','2026-11-20T09:10:02.000000Z',NULL,0,'{"scope": "goal g13", "rehearsal": true, "worst_nano": 247407500}');
INSERT INTO "turns" VALUES(37,'default','g14','director','plan','g14','plan:g14:','P2','done','2026-11-20T09:10:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:10:41.000000Z','2026-11-20T09:10:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(38,'default','g14','social-content','draft','g14-1','draft:g14-1:0','P2','held','2026-11-20T09:10:42.000000Z',0,0,1,NULL,NULL,NULL,'The next call of g14 could cost $0.2474; $0.0500 is left of $0.0500 for goal g14.','2026-11-20T09:10:42.000000Z',NULL,0,'{"scope": "goal g14", "rehearsal": true, "worst_nano": 247407500}');
INSERT INTO "turns" VALUES(39,'default','g15','director','plan','g15','plan:g15:','P2','done','2026-11-20T09:11:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:11:21.000000Z','2026-11-20T09:12:01.000000Z',0,NULL);
INSERT INTO "turns" VALUES(40,'default','g15','social-content','draft','g15-1','draft:g15-1:0','P2','done','2026-11-20T09:12:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:12:01.000000Z','2026-11-20T09:12:02.000000Z',0,NULL);
INSERT INTO "turns" VALUES(41,'default','g15','reviewer','review','g15-1','review:g15-1:0','P2','done','2026-11-20T09:12:02.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:12:02.000000Z','2026-11-20T09:12:03.000000Z',0,NULL);
INSERT INTO "turns" VALUES(42,'default','g15','social-content','draft','g15-1','draft:g15-1:1','P2','running','2026-11-20T09:12:03.000000Z',0,0,1,'left:1','2026-11-20T09:12:12.000000Z','2026-11-20T09:12:12.000000Z',NULL,'2026-11-20T09:12:03.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(43,'default','g16','director','plan','g16','plan:g16:','P2','done','2026-11-20T09:12:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:12:41.000000Z','2026-11-20T09:13:21.000000Z',0,NULL);
INSERT INTO "turns" VALUES(44,'default','g16','social-content','draft','g16-1','draft:g16-1:0','P2','done','2026-11-20T09:13:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:13:21.000000Z','2026-11-20T09:13:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(45,'default','g16','reviewer','review','g16-1','review:g16-1:0','P2','running','2026-11-20T09:13:22.000000Z',0,0,1,'left:1','2026-11-20T09:13:31.000000Z','2026-11-20T09:13:31.000000Z',NULL,'2026-11-20T09:13:22.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(46,'default','g17','director','plan','g17','plan:g17:','P2','done','2026-11-20T09:14:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:14:01.000000Z','2026-11-20T09:14:02.000000Z',0,NULL);
INSERT INTO "turns" VALUES(47,'default','g17','social-content','draft','g17-1','draft:g17-1:0','P2','done','2026-11-20T09:14:02.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:14:02.000000Z','2026-11-20T09:14:03.000000Z',0,NULL);
INSERT INTO "turns" VALUES(48,'default','g17','reviewer','review','g17-1','review:g17-1:0','P2','done','2026-11-20T09:14:03.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:14:03.000000Z','2026-11-20T09:14:04.000000Z',0,NULL);
INSERT INTO "turns" VALUES(49,'default','g17','copywriting','judge','g17-2','judge:g17-2:0','P2','dispatched','2026-11-20T09:14:04.000000Z',0,0,0,NULL,NULL,'2026-11-20T09:14:04.000000Z',NULL,'2026-11-20T09:14:04.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(50,'default','g18','director','plan','g18','plan:g18:','P2','done','2026-11-20T09:14:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:14:41.000000Z','2026-11-20T09:15:21.000000Z',0,NULL);
INSERT INTO "turns" VALUES(51,'default','g18','social-content','draft','g18-1','draft:g18-1:0','P2','done','2026-11-20T09:15:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:15:21.000000Z','2026-11-20T09:15:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(52,'default','g18','reviewer','review','g18-1','review:g18-1:0','P2','done','2026-11-20T09:15:22.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:15:22.000000Z','2026-11-20T09:15:23.000000Z',0,NULL);
INSERT INTO "turns" VALUES(53,'default','g18','director','report','g18-2','report:g18-2:0','P2','running','2026-11-20T09:15:23.000000Z',0,0,1,'left:1','2026-11-20T09:15:32.000000Z','2026-11-20T09:15:32.000000Z',NULL,'2026-11-20T09:15:23.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(54,'default','g19','director','plan','g19','plan:g19:','P2','done','2026-11-20T09:16:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:16:01.000000Z','2026-11-20T09:16:41.000000Z',0,NULL);
INSERT INTO "turns" VALUES(55,'default','g19','social-content','draft','g19-1','draft:g19-1:0','P2','done','2026-11-20T09:16:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:16:41.000000Z','2026-11-20T09:16:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(56,'default','g19','reviewer','review','g19-1','review:g19-1:0','P2','done','2026-11-20T09:16:42.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:16:42.000000Z','2026-11-20T09:16:43.000000Z',0,NULL);
INSERT INTO "turns" VALUES(57,'default','g19','director','conclude','g19','conclude:g19:','P2','running','2026-11-20T09:16:43.000000Z',0,0,1,'left:1','2026-11-20T09:16:52.000000Z','2026-11-20T09:16:52.000000Z',NULL,'2026-11-20T09:16:43.000000Z',NULL,0,NULL);
INSERT INTO "turns" VALUES(58,'default','g20','director','plan','g20','plan:g20:','P2','done','2026-11-20T09:17:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:17:21.000000Z','2026-11-20T09:17:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(59,'default','g20','social-content','draft','g20-1','draft:g20-1:0','P2','done','2026-11-20T09:17:22.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:17:22.000000Z','2026-11-20T09:17:23.000000Z',0,NULL);
INSERT INTO "turns" VALUES(60,'default','g20','reviewer','review','g20-1','review:g20-1:0','P2','done','2026-11-20T09:17:23.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:17:23.000000Z','2026-11-20T09:17:24.000000Z',0,NULL);
INSERT INTO "turns" VALUES(61,'default','g21','director','plan','g21','plan:g21:','P2','done','2026-11-20T09:18:01.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:18:01.000000Z','2026-11-20T09:18:02.000000Z',0,NULL);
INSERT INTO "turns" VALUES(62,'default','g21','social-content','draft','g21-1','draft:g21-1:0','P2','done','2026-11-20T09:18:02.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:18:02.000000Z','2026-11-20T09:18:03.000000Z',0,NULL);
INSERT INTO "turns" VALUES(63,'default','g21','reviewer','review','g21-1','review:g21-1:0','P2','failed','2026-11-20T09:18:08.000000Z',3,0,3,'left:2',NULL,NULL,'The review of g21-1 could not be read: not JSON: Expecting value at character 0.','2026-11-20T09:18:03.000000Z','2026-11-20T09:20:08.000000Z',0,NULL);
INSERT INTO "turns" VALUES(64,'default','g22','director','plan','g22','plan:g22:','P2','done','2026-11-20T09:18:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:18:41.000000Z','2026-11-20T09:18:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(65,'default','g22','social-content','draft','g22-1','draft:g22-1:0','P2','done','2026-11-20T09:18:42.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:18:42.000000Z','2026-11-20T09:18:43.000000Z',0,NULL);
INSERT INTO "turns" VALUES(66,'default','g22','reviewer','review','g22-1','review:g22-1:0','P2','failed','2026-11-20T09:18:48.000000Z',3,0,3,'left:2',NULL,NULL,'The review of g22-1 could not be read: not JSON: Expecting value at character 0.','2026-11-20T09:18:43.000000Z','2026-11-20T09:20:48.000000Z',0,NULL);
INSERT INTO "turns" VALUES(67,'default','g23','director','plan','g23','plan:g23:','P2','done','2026-11-20T09:19:21.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:19:21.000000Z','2026-11-20T09:19:22.000000Z',0,NULL);
INSERT INTO "turns" VALUES(68,'default','g23','social-content','draft','g23-1','draft:g23-1:0','P2','held','2026-11-20T09:19:22.000000Z',0,0,1,NULL,NULL,NULL,'The next call of g23 could cost $0.2474; $0.00 is left of $0.5000 for the month 2026-11.','2026-11-20T09:19:22.000000Z',NULL,0,'{"scope": "month default 2026-11", "rehearsal": true, "worst_nano": 247407500}');
INSERT INTO "turns" VALUES(69,'default','g24','director','plan','g24','plan:g24:','P2','cancelled','2026-11-20T09:20:01.000000Z',0,0,0,NULL,NULL,NULL,NULL,'2026-11-20T09:20:01.000000Z','2026-11-20T09:20:01.000000Z',0,NULL);
INSERT INTO "turns" VALUES(70,'default','g25','director','plan','g25','plan:g25:','P2','done','2026-11-20T09:20:41.000000Z',0,0,1,'left:1',NULL,NULL,NULL,'2026-11-20T09:20:41.000000Z','2026-11-20T09:20:42.000000Z',0,NULL);
INSERT INTO "turns" VALUES(71,'default','g25','social-content','draft','g25-1','draft:g25-1:0','P2','queued','2026-11-20T09:27:50.000000Z',0,5,5,NULL,NULL,NULL,'The model service cannot be reached: the rehearsal is away.','2026-11-20T09:20:42.000000Z',NULL,0,NULL);
CREATE TABLE workers (
	owner VARCHAR(64) NOT NULL, 
	standing BOOLEAN NOT NULL, 
	until VARCHAR(27) NOT NULL, 
	CONSTRAINT pk_workers PRIMARY KEY (owner)
);
CREATE INDEX ix_journal_goal_id ON journal (goal, id);
CREATE INDEX ix_goals_state ON goals (state);
CREATE INDEX ix_turns_goal ON turns (goal, state);
CREATE INDEX ix_approvals_goal ON approvals (goal);
CREATE INDEX ix_approvals_state ON approvals (state);
CREATE INDEX ix_calls_goal ON calls (goal);
CREATE INDEX ix_calls_turn ON calls (turn);
CREATE UNIQUE INDEX uq_calls_key ON calls ("key") WHERE state in ('reserved', 'answered');
CREATE INDEX ix_edges_needs ON edges (needs);
CREATE INDEX ix_reviews_task ON reviews (task);
CREATE INDEX ix_turns_waiting ON turns (state, priority, brand, goal, not_before, id) WHERE state in ('queued');
CREATE INDEX ix_turns_in_hand ON turns (state, brand, goal, due_at) WHERE state in ('dispatched', 'running');
CREATE INDEX ix_turns_held ON turns (state, goal) WHERE state in ('held');
CREATE INDEX ix_calls_open ON calls (due_at) WHERE state in ('reserved');
COMMIT;
