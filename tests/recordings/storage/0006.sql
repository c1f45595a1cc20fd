BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0006');
CREATE TABLE assessment (
	mention_id INTEGER NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	version VARCHAR NOT NULL, 
	probability FLOAT NOT NULL, 
	is_complaint BOOLEAN NOT NULL, 
	severity SMALLINT, 
	sentiment FLOAT, 
	language VARCHAR, 
	praise BOOLEAN NOT NULL, 
	reasons VARCHAR NOT NULL, 
	signals VARCHAR NOT NULL, 
	evidence VARCHAR NOT NULL, expectations VARCHAR DEFAULT '[]' NOT NULL, staff VARCHAR DEFAULT '[]' NOT NULL, kind VARCHAR, 
	CONSTRAINT pk_assessment PRIMARY KEY (mention_id, fingerprint, version), 
	CONSTRAINT fk_assessment_mention_id FOREIGN KEY(mention_id) REFERENCES mention (id)
);
INSERT INTO "assessment" VALUES(1,'c1e4f56cd30e58e76c745c01dbef150c','complaint:1',0.9,1,2,-0.5,'en',0,'["was promised a call"]','["promised_no_call"]','[["promised_no_call","Nobody",0,6]]','[["follow_through","Nobody",0,6]]','["Omar"]',NULL);
INSERT INTO "assessment" VALUES(2,'e417ec5eaa5c76d76e719a583195b381','complaint:1',0.1,0,NULL,0.5,NULL,1,'[]','[]','[]','[]','[]',NULL);
CREATE TABLE bucket (
	name VARCHAR NOT NULL, 
	free VARCHAR(26) NOT NULL, 
	CONSTRAINT pk_bucket PRIMARY KEY (name)
);
INSERT INTO "bucket" VALUES('post','2026-03-02 09:31:00.123456');
CREATE TABLE case_event (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	at VARCHAR(26) NOT NULL, 
	actor VARCHAR NOT NULL, 
	action VARCHAR NOT NULL, 
	"before" VARCHAR, 
	"after" VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	"key" VARCHAR, data VARCHAR, 
	CONSTRAINT pk_case_event PRIMARY KEY (id), 
	CONSTRAINT fk_case_event_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT uq_case_event_key UNIQUE ("key")
);
INSERT INTO "case_event" VALUES(1,1,'2026-03-02 09:30:00.123456','monitor','opened',NULL,'open','',NULL,NULL);
CREATE TABLE cases (
	id INTEGER NOT NULL, 
	business VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	customer VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	severity SMALLINT NOT NULL, 
	opened VARCHAR(26) NOT NULL, 
	revision INTEGER NOT NULL, 
	owner VARCHAR, 
	backlog BOOLEAN NOT NULL, 
	reasons VARCHAR NOT NULL, 
	url VARCHAR, 
	closed VARCHAR(26), 
	contacted VARCHAR(26), claimed VARCHAR(26), touched VARCHAR(26), waiting VARCHAR(26), snoozed VARCHAR(26), wake VARCHAR(26), level SMALLINT DEFAULT '0' NOT NULL, escalated VARCHAR(26), pauses VARCHAR DEFAULT '[]' NOT NULL, reminded VARCHAR(26), 
	CONSTRAINT pk_cases PRIMARY KEY (id)
);
INSERT INTO "cases" VALUES(1,'acme','reviews','fred','Fictional Fred','open',2,'2026-03-02 09:30:00.123456',1,NULL,0,'["was promised a call"]',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,'[]',NULL);
CREATE TABLE feed (
	name VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	business VARCHAR NOT NULL, 
	cursor VARCHAR, 
	next_due VARCHAR(26) NOT NULL, 
	baselined VARCHAR(26), 
	last_attempt VARCHAR(26), 
	last_success VARCHAR(26), 
	last_heard VARCHAR(26), 
	failures INTEGER NOT NULL, 
	failing_since VARCHAR(26), 
	last_error VARCHAR NOT NULL, 
	rejected INTEGER NOT NULL, 
	replaced INTEGER NOT NULL, 
	lease VARCHAR, 
	lease_until VARCHAR(26), 
	CONSTRAINT pk_feed PRIMARY KEY (name)
);
INSERT INTO "feed" VALUES('acme reviews','reviews','acme','{"since":"2026-03-02"}','2026-03-02 10:30:00.123456','2026-03-02 09:30:00.123456','2026-03-02 09:30:00.123456','2026-03-02 09:30:00.123456','2026-03-02 09:30:00.123456',0,NULL,'',0,0,NULL,NULL);
CREATE TABLE held (
	mention_id INTEGER NOT NULL, 
	rule VARCHAR NOT NULL, 
	at VARCHAR(26) NOT NULL, 
	CONSTRAINT pk_held PRIMARY KEY (mention_id), 
	CONSTRAINT fk_held_mention_id FOREIGN KEY(mention_id) REFERENCES mention (id)
);
CREATE TABLE incident (
	id INTEGER NOT NULL, 
	business VARCHAR NOT NULL, 
	lead VARCHAR NOT NULL, 
	keys VARCHAR NOT NULL, 
	also VARCHAR NOT NULL, 
	started VARCHAR(26) NOT NULL, 
	noticed VARCHAR(26) NOT NULL, 
	risen VARCHAR(26) NOT NULL, 
	ended VARCHAR(26), 
	voices INTEGER NOT NULL, 
	usual FLOAT NOT NULL, 
	hours SMALLINT NOT NULL, 
	told_by VARCHAR, 
	CONSTRAINT pk_incident PRIMARY KEY (id)
);
CREATE TABLE incident_case (
	incident_id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	joined INTEGER NOT NULL, 
	CONSTRAINT pk_incident_case PRIMARY KEY (incident_id, case_id), 
	CONSTRAINT fk_incident_case_incident_id FOREIGN KEY(incident_id) REFERENCES incident (id), 
	CONSTRAINT fk_incident_case_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
CREATE TABLE label (
	id INTEGER NOT NULL, 
	mention_id INTEGER NOT NULL, 
	label SMALLINT, 
	"by" VARCHAR NOT NULL, 
	at VARCHAR(26) NOT NULL, 
	note VARCHAR NOT NULL, 
	probability FLOAT NOT NULL, 
	version VARCHAR NOT NULL, 
	was_complaint BOOLEAN NOT NULL, 
	CONSTRAINT pk_label PRIMARY KEY (id), 
	CONSTRAINT fk_label_mention_id FOREIGN KEY(mention_id) REFERENCES mention (id)
);
INSERT INTO "label" VALUES(1,1,0,'dana','2026-03-02 10:30:00.123456','a joke',0.9,'complaint:1',1);
CREATE TABLE listened (
	feed VARCHAR NOT NULL, 
	day INTEGER NOT NULL, 
	first VARCHAR(26) NOT NULL, 
	last VARCHAR(26) NOT NULL, 
	CONSTRAINT pk_listened PRIMARY KEY (feed, day)
)
 WITHOUT ROWID

;
INSERT INTO "listened" VALUES('acme reviews',739677,'2026-03-02 09:30:00.123456','2026-03-02 09:30:00.123456');
CREATE TABLE listener (
	holder VARCHAR NOT NULL, 
	link VARCHAR NOT NULL, 
	since VARCHAR(26) NOT NULL, 
	renewed INTEGER NOT NULL, 
	fault VARCHAR NOT NULL, 
	seen VARCHAR(26) NOT NULL, 
	CONSTRAINT pk_listener PRIMARY KEY (holder)
);
CREATE TABLE mention (
	id INTEGER NOT NULL, 
	business VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	native_id VARCHAR NOT NULL, 
	feed VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	text VARCHAR NOT NULL, 
	url VARCHAR, 
	author_key VARCHAR, 
	author_name VARCHAR NOT NULL, 
	author_url VARCHAR, 
	published VARCHAR(26), 
	edited VARCHAR(26), 
	stars FLOAT, 
	scale FLOAT, 
	lowest FLOAT, 
	language VARCHAR, 
	thread VARCHAR, 
	parent VARCHAR, 
	location VARCHAR, 
	storefront VARCHAR, 
	app_version VARCHAR, 
	followers INTEGER, 
	likes INTEGER, 
	reply VARCHAR, 
	replied VARCHAR(26), 
	repost BOOLEAN NOT NULL, 
	addressed BOOLEAN NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	first_seen VARCHAR(26) NOT NULL, 
	case_id INTEGER, 
	told_by VARCHAR, 
	gone_at VARCHAR(26), 
	blanked_at VARCHAR(26), 
	is_complaint BOOLEAN NOT NULL, 
	severity SMALLINT, 
	probability FLOAT NOT NULL, 
	praise BOOLEAN NOT NULL, 
	judged_by VARCHAR NOT NULL, said VARCHAR(26) DEFAULT '1970-01-01 00:00:00.000000+00' NOT NULL, broken SMALLINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_mention PRIMARY KEY (id), 
	CONSTRAINT fk_mention_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT uq_mention_business_source_native_id UNIQUE (business, source, native_id)
);
INSERT INTO "mention" VALUES(1,'acme','reviews','1','acme reviews','','Nobody at Acme Coffee called me back',NULL,'fred','Fictional Fred',NULL,'2026-03-02 09:20:00.123456',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'c1e4f56cd30e58e76c745c01dbef150c','2026-03-02 09:30:00.123456',1,'7e786d10-3534-5524-8994-41f01a65083e',NULL,NULL,1,2,0.9,0,'complaint:1','2026-03-02 09:20:00.123456',2);
INSERT INTO "mention" VALUES(2,'acme','reviews','2','acme reviews','','Thank you, Acme Coffee',NULL,'gina','Fictional Gina',NULL,'2026-03-02 09:20:00.123456',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,'e417ec5eaa5c76d76e719a583195b381','2026-03-02 09:30:00.123456',NULL,NULL,NULL,NULL,0,NULL,0.1,1,'complaint:1','2026-03-02 09:20:00.123456',0);
CREATE TABLE outbox (
	seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	id VARCHAR NOT NULL, 
	destination VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	business VARCHAR NOT NULL, 
	case_id INTEGER, 
	severity SMALLINT, 
	published VARCHAR(26), 
	turn SMALLINT NOT NULL, 
	said VARCHAR(26) NOT NULL, 
	created VARCHAR(26) NOT NULL, 
	not_before VARCHAR(26) NOT NULL, 
	attempts INTEGER NOT NULL, 
	looks INTEGER NOT NULL, 
	started VARCHAR(26), 
	lease VARCHAR, 
	lease_until VARCHAR(26), 
	revision INTEGER, 
	data VARCHAR, 
	channel VARCHAR, 
	ref VARCHAR, 
	received VARCHAR(26), 
	link VARCHAR, 
	error VARCHAR NOT NULL, 
	CONSTRAINT fk_outbox_case_id FOREIGN KEY(case_id) REFERENCES cases (id), 
	CONSTRAINT uq_outbox_id UNIQUE (id), 
	CONSTRAINT uq_outbox_destination_key UNIQUE (destination, "key")
);
INSERT INTO "outbox" VALUES(1,'7e786d10-3534-5524-8994-41f01a65083e','slack:C0ACME','acme:card:reviews:1:c1e4f56cd30e58e76c745c01dbef150c','card','pending','acme',1,2,'2026-03-02 09:20:00.123456',2,'2026-03-02 09:20:00.123456','2026-03-02 09:30:00.123456','2026-03-02 09:30:00.123456',0,0,NULL,NULL,NULL,NULL,'{"action":"complained","mention":"1"}',NULL,NULL,NULL,NULL,'');
CREATE TABLE promise (
	id INTEGER NOT NULL, 
	case_id INTEGER NOT NULL, 
	what VARCHAR NOT NULL, 
	due VARCHAR(26) NOT NULL, 
	made VARCHAR(26) NOT NULL, 
	made_by VARCHAR NOT NULL, 
	outcome VARCHAR, 
	ended VARCHAR(26), 
	nudged SMALLINT NOT NULL, 
	CONSTRAINT pk_promise PRIMARY KEY (id), 
	CONSTRAINT fk_promise_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);
INSERT INTO "promise" VALUES(1,1,'a call back','2026-03-03 09:30:00.123456','2026-03-02 09:30:00.123456','ann',NULL,NULL,0);
CREATE TABLE rule (
	id INTEGER NOT NULL, 
	business VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	ground VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	place VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at VARCHAR(26) NOT NULL, 
	withdrawn_by VARCHAR, 
	withdrawn VARCHAR(26), 
	CONSTRAINT pk_rule PRIMARY KEY (id)
);
CREATE TABLE same_customer (
	business VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	customer VARCHAR NOT NULL, 
	group_id INTEGER NOT NULL, 
	since VARCHAR(26) NOT NULL, 
	CONSTRAINT pk_same_customer PRIMARY KEY (business, source, customer)
);
CREATE TABLE sketch (
	hash INTEGER NOT NULL, 
	mention_id INTEGER NOT NULL, 
	day INTEGER NOT NULL, 
	CONSTRAINT pk_sketch PRIMARY KEY (hash, mention_id)
)
 WITHOUT ROWID

;
INSERT INTO "sketch" VALUES(12345,1,739677);
CREATE TABLE trouble (
	destination VARCHAR NOT NULL, 
	code VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	since VARCHAR(26) NOT NULL, 
	next_probe VARCHAR(26) NOT NULL, 
	CONSTRAINT pk_trouble PRIMARY KEY (destination)
);
INSERT INTO "trouble" VALUES('slack:C0ACME','not_in_channel','Invite the app to the channel.','2026-03-02 09:30:00.123456','2026-03-02 09:31:00.123456');
CREATE UNIQUE INDEX uq_cases_unclosed ON cases (business, source, customer) WHERE state NOT IN ('recovered', 'lost', 'dismissed');
CREATE INDEX ix_cases_customer ON cases (business, source, customer);
CREATE INDEX ix_cases_state ON cases (state);
CREATE INDEX ix_cases_opened ON cases (opened);
CREATE INDEX ix_cases_closed ON cases (closed);
CREATE INDEX ix_case_event_case_id ON case_event (case_id);
CREATE INDEX ix_mention_case_id ON mention (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX ix_mention_complaint ON mention (told_by, case_id, is_complaint) WHERE is_complaint;
CREATE INDEX ix_outbox_ready ON outbox (destination, turn, said, seq, not_before, case_id) WHERE state = 'pending';
CREATE INDEX ix_outbox_due ON outbox (destination, not_before) WHERE state = 'pending';
CREATE INDEX ix_outbox_unfinished ON outbox (case_id, destination, seq) WHERE state IN ('pending', 'sending', 'unknown');
CREATE INDEX ix_outbox_in_doubt ON outbox (state, not_before) WHERE state IN ('sending', 'unknown');
CREATE INDEX ix_outbox_case ON outbox (case_id, kind);
CREATE INDEX ix_outbox_summary ON outbox (destination, kind, seq) WHERE case_id IS NULL;
CREATE INDEX ix_outbox_failed ON outbox (seq) WHERE state = 'failed';
CREATE TRIGGER case_event_no_update BEFORE UPDATE ON case_event BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END;
CREATE TRIGGER case_event_no_delete BEFORE DELETE ON case_event BEGIN SELECT RAISE(ABORT, 'case_event is append-only'); END;
CREATE INDEX ix_label_mention_id ON label (mention_id);
CREATE TRIGGER label_no_update BEFORE UPDATE ON label BEGIN SELECT RAISE(ABORT, 'label is append-only'); END;
CREATE TRIGGER label_no_delete BEFORE DELETE ON label BEGIN SELECT RAISE(ABORT, 'label is append-only'); END;
CREATE UNIQUE INDEX uq_rule_in_force ON rule (business, "key") WHERE withdrawn IS NULL;
CREATE INDEX ix_sketch_day ON sketch (day);
CREATE INDEX ix_cases_owner ON cases (owner) WHERE owner IS NOT NULL AND state NOT IN ('recovered', 'lost', 'dismissed');
CREATE INDEX ix_promise_case_id ON promise (case_id);
CREATE INDEX ix_promise_due ON promise (due) WHERE outcome IS NULL;
CREATE INDEX ix_mention_first_seen ON mention (first_seen, feed);
CREATE INDEX ix_mention_said ON mention (business, said, feed, location, is_complaint, praise, broken);
CREATE INDEX ix_case_event_at ON case_event (at);
CREATE INDEX ix_cases_unclosed ON cases (business, backlog, state) WHERE state NOT IN ('recovered', 'lost', 'dismissed');
CREATE INDEX ix_listened_day ON listened (day);
CREATE UNIQUE INDEX uq_incident_running ON incident (business, lead) WHERE ended IS NULL;
CREATE INDEX ix_incident_started ON incident (business, started);
CREATE INDEX ix_incident_case_case_id ON incident_case (case_id);
CREATE INDEX ix_mention_complained ON mention (business, said) WHERE is_complaint;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',1);
COMMIT;
