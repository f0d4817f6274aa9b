-- An index as version 1 of the schema left it: three streams of three days, holes, spans let go, a hold, an open and a
-- garbage row. Written by the code of that version (Index.apply, deletion) and dumped by sqlite3's iterdump; user_version is 1.
BEGIN TRANSACTION;
CREATE TABLE deletion (
    recording_id   TEXT PRIMARY KEY,        -- what was deleted; the row itself is gone
    size_bytes     INTEGER NOT NULL,        -- what that freed
    deleted_at_90k INTEGER NOT NULL         -- kept for a week, for the brake on mass deletion
) STRICT, WITHOUT ROWID;
INSERT INTO "deletion" VALUES('0fd630f1-f29d-4da9-953f-48f1a09f76b5',1000,153046656000000);
INSERT INTO "deletion" VALUES('873be078-f3b7-450d-b373-ca533488f876',1000,153046656000000);
INSERT INTO "deletion" VALUES('d42fddbb-7a86-47a2-83c7-1b9abd87a865',1000,153046656000000);
CREATE TABLE expired (
    stream_id INTEGER NOT NULL REFERENCES stream (id),         -- whose footage was there once
    start_90k INTEGER NOT NULL,             -- first tick the deletion gate let go
    end_90k   INTEGER NOT NULL CHECK (end_90k >= start_90k),   -- and the first it did not; neighbours are joined
    PRIMARY KEY (stream_id, start_90k)
) STRICT, WITHOUT ROWID;
INSERT INTO "expired" VALUES(1,153000000000000,153001281829785);
INSERT INTO "expired" VALUES(3,153000001260000,153002226146067);
CREATE TABLE gap (
    id        INTEGER PRIMARY KEY,          -- local to this index
    stream_id INTEGER NOT NULL REFERENCES stream (id),  -- what was planned and is missing
    start_90k INTEGER NOT NULL,             -- first tick without footage
    end_90k   INTEGER CHECK (end_90k > start_90k),      -- NULL: it still grows
    cause     TEXT NOT NULL,                -- model.GapCause
    detail    TEXT NOT NULL                 -- short ASCII code for people to look up
) STRICT;
INSERT INTO "gap" VALUES(2,2,153000000000000,153000000630000,'camera_silent','');
INSERT INTO "gap" VALUES(3,3,153000000000000,153000001260000,'camera_silent','');
INSERT INTO "gap" VALUES(4,1,153003587926200,153003894112035,'camera_silent','test');
INSERT INTO "gap" VALUES(5,1,153007370582784,153007619284294,'camera_silent','test');
INSERT INTO "gap" VALUES(6,1,153011044673873,153011233713686,'camera_silent','test');
INSERT INTO "gap" VALUES(7,1,153014687577882,153014947507487,'camera_silent','test');
INSERT INTO "gap" VALUES(8,1,153018571748547,NULL,'camera_silent','test');
INSERT INTO "gap" VALUES(9,2,153003602539888,153003757416057,'camera_silent','test');
INSERT INTO "gap" VALUES(10,2,153007073931596,153007304251785,'camera_silent','test');
INSERT INTO "gap" VALUES(11,2,153011042419599,153011262019727,'camera_silent','test');
INSERT INTO "gap" VALUES(12,2,153014540274825,153014583425212,'camera_silent','test');
INSERT INTO "gap" VALUES(13,3,153003481672663,153003535933579,'camera_silent','test');
INSERT INTO "gap" VALUES(14,3,153006796057335,153007016573117,'camera_silent','test');
INSERT INTO "gap" VALUES(15,3,153010239740988,153010440903388,'camera_silent','test');
INSERT INTO "gap" VALUES(16,3,153013937814010,153014050222798,'camera_silent','test');
INSERT INTO "gap" VALUES(17,3,153017513857130,NULL,'camera_silent','test');
CREATE TABLE garbage (
    recording_id  TEXT PRIMARY KEY REFERENCES recording (recording_id) ON DELETE CASCADE,  -- files may be gone, or not yet
    reason        TEXT NOT NULL CHECK (reason IN ('pressure', 'ceiling')),  -- gate.DeletionReason
    floor_90k     INTEGER NOT NULL,         -- the floor that was kept
    marked_at_90k INTEGER NOT NULL          -- when the gate let it go
) STRICT, WITHOUT ROWID;
INSERT INTO "garbage" VALUES('0becd7b0-3898-4190-b9eb-dacc0cb1e29c','pressure',7776000000,153046656000000);
CREATE TABLE hold (
    hold_id             TEXT PRIMARY KEY,   -- UUID given by the control plane
    camera_id           TEXT NOT NULL,      -- whose footage may not be let go
    start_90k           INTEGER NOT NULL,   -- first tick held
    end_90k             INTEGER NOT NULL CHECK (end_90k > start_90k),  -- first tick no longer held
    reason              TEXT NOT NULL,      -- short, for people
    acknowledged_at_90k INTEGER NOT NULL,   -- when this index had it durably; from then on it is in force
    released_at_90k     INTEGER,            -- NULL: in force; absence from a plan never releases
    released_by         TEXT                -- ledger entry that ordered the release
        CHECK ((released_at_90k IS NULL) = (released_by IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "hold" VALUES('faf55496-988a-43fb-9396-30d69c9011ef','8d116ece-1738-47d9-bd9c-172411e20b8f',153000000000000,153007776000000,'former',153046656000000,NULL,NULL);
CREATE TABLE hole (
    recording_id TEXT NOT NULL REFERENCES recording (recording_id) ON DELETE CASCADE,  -- where it is
    start_90k    INTEGER NOT NULL,          -- presentation time from which fragments are missing inside the recording
    end_90k      INTEGER NOT NULL CHECK (end_90k > start_90k), -- and until when; the cause is always the disk
    PRIMARY KEY (recording_id, start_90k)
) STRICT, WITHOUT ROWID;
INSERT INTO "hole" VALUES('0d75985d-99c9-4309-970d-c1951c2442f9',153012351498608,153012354198608);
INSERT INTO "hole" VALUES('301850c5-a38f-4547-923a-736994e3bf91',153003899512035,153003902212035);
INSERT INTO "hole" VALUES('43435cc5-2eae-45cf-96d0-cc5fd4c28c2e',153005955971189,153005958671189);
INSERT INTO "hole" VALUES('57ee05cd-e009-42c7-bebf-f20686734721',153008640629869,153008643329869);
INSERT INTO "hole" VALUES('7631a992-f0ce-4835-85c6-af0758d5563d',153017414310206,153017417010206);
INSERT INTO "hole" VALUES('830e07bc-1e39-4f10-92bd-4acefaecbd38',153009853595892,153009856295892);
INSERT INTO "hole" VALUES('a8948c89-3b61-4676-a6bb-7dbd2d1c9af0',153004858699832,153004861399832);
INSERT INTO "hole" VALUES('b98c67c2-15bd-448f-b261-49edbe4c5ce6',153015240136973,153015242836973);
INSERT INTO "hole" VALUES('c215a82a-06ec-41ad-aa05-75438b0d590b',153002231546067,153002234246067);
INSERT INTO "hole" VALUES('f52ddf5d-6164-49c9-a25a-7605aec6f024',153003762816057,153003765516057);
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,  -- schema_version, deployment_id, volume_id, opens, series
    value TEXT NOT NULL      -- its value as text
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('deployment_id','6513270e-269e-4d37-b2a7-4de452e6b438');
INSERT INTO "meta" VALUES('opens','1');
INSERT INTO "meta" VALUES('schema_version','1');
INSERT INTO "meta" VALUES('series','36f675cc-81e7-4ef5-a8e2-5d940ed90475');
INSERT INTO "meta" VALUES('volume_id','d23f0824-128b-4f33-8c5c-7fd0a6a3a450');
CREATE TABLE outbox (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,  -- grows; never reused within a series (see meta)
    kind           TEXT NOT NULL,           -- outbox.ReportKind
    body           TEXT NOT NULL,           -- JSON object with sorted keys
    created_at_90k INTEGER NOT NULL         -- the keeper's timeline
) STRICT;
INSERT INTO "outbox" VALUES(1,'run_started','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","is_clock_trusted":true,"role":"main","run":"a170b338-3926-4059-b28c-105d1fb17c23","start_90k":153000000000000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(2,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153001281829785,"recording":"0fd630f1-f29d-4da9-953f-48f1a09f76b5","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153000000000000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(3,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153002552686976,"recording":"0becd7b0-3898-4190-b9eb-dacc0cb1e29c","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153001281829785,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(4,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153003587926200,"recording":"8a6a63ec-24ed-46a4-ab4c-b2424a23d596","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153002552686976,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(5,'run_ended','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153003587926200,"role":"main","run":"a170b338-3926-4059-b28c-105d1fb17c23","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(6,'gap_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153003894112035,"role":"main","start_90k":153003587926200,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(7,'run_started','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","is_clock_trusted":true,"role":"main","run":"1a61dbe2-2e44-458b-ae97-ba94d0eda82f","start_90k":153003894112035,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(8,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153005066041443,"recording":"301850c5-a38f-4547-923a-736994e3bf91","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153003894112035,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(9,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153006148614686,"recording":"0f4205b4-907a-40c3-9012-f037b64ce422","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153005066041443,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(10,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153007370582784,"recording":"506bf2ef-c6f8-4718-ad76-b07e881ed162","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153006148614686,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(11,'run_ended','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153007370582784,"role":"main","run":"1a61dbe2-2e44-458b-ae97-ba94d0eda82f","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(12,'gap_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153007619284294,"role":"main","start_90k":153007370582784,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(13,'run_started','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","is_clock_trusted":false,"role":"main","run":"cb5c7427-3f98-4277-8cbd-87ad5c90a958","start_90k":153007619284294,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(14,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153008635229869,"recording":"3e7d1bfb-c7a2-4a20-b2f1-4c942e05319a","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153007619284294,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(15,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153009848195892,"recording":"57ee05cd-e009-42c7-bebf-f20686734721","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153008635229869,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(16,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153011044673873,"recording":"830e07bc-1e39-4f10-92bd-4acefaecbd38","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153009848195892,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(17,'run_ended','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153011044673873,"role":"main","run":"cb5c7427-3f98-4277-8cbd-87ad5c90a958","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(18,'gap_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153011233713686,"role":"main","start_90k":153011044673873,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(19,'run_started','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","is_clock_trusted":true,"role":"main","run":"6bf46c69-7d2c-4f82-aeea-cbe226e87555","start_90k":153011233713686,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(20,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153012505328325,"recording":"13deef86-ab10-41d0-b646-e1f40a097c97","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153011233713686,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(21,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153013665328916,"recording":"57124242-5051-41cc-917f-9acae01f5057","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153012505328325,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(22,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153014687577882,"recording":"119a72d1-74c9-4f6a-8c01-1cdd9474031b","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153013665328916,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(23,'run_ended','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153014687577882,"role":"main","run":"6bf46c69-7d2c-4f82-aeea-cbe226e87555","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(24,'gap_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153014947507487,"role":"main","start_90k":153014687577882,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(25,'run_started','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","is_clock_trusted":true,"role":"main","run":"0f88080b-10a3-46b2-aa05-e11ab2715945","start_90k":153014947507487,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(26,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153016229790005,"recording":"a5aa3c81-4f42-4dcb-b394-fb36bb2d420f","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153014947507487,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(27,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153017408910206,"recording":"b774eb52-48db-40af-b215-8370d269a9a5","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153016229790005,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(28,'recording_closed','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153018571748547,"recording":"7631a992-f0ce-4835-85c6-af0758d5563d","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153017408910206,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(29,'run_ended','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","cause":"camera_silent","detail":"test","end_90k":153018571748547,"role":"main","run":"0f88080b-10a3-46b2-aa05-e11ab2715945","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(30,'gap_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"","end_90k":153000000630000,"role":"main","start_90k":153000000000000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(31,'run_started','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","is_clock_trusted":true,"role":"main","run":"c4aaeac1-37dc-46fb-8f17-a3007e62aa0a","start_90k":153000000630000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(32,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153001186249690,"recording":"3f63af83-bd05-41e6-a11c-70cf49952399","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153000000630000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(33,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153002399405338,"recording":"2a96fb1a-14a0-49e7-bf1b-103cdf1582b0","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153001186249690,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(34,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153003602539888,"recording":"d1bc52d9-230d-477e-a225-71594720771f","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153002399405338,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(35,'run_ended','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153003602539888,"role":"main","run":"c4aaeac1-37dc-46fb-8f17-a3007e62aa0a","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(36,'gap_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153003757416057,"role":"main","start_90k":153003602539888,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(37,'run_started','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","is_clock_trusted":true,"role":"main","run":"5bd86d40-fc89-4b4a-aa50-df4db4d66a3a","start_90k":153003757416057,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(38,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153004853299832,"recording":"f52ddf5d-6164-49c9-a25a-7605aec6f024","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153003757416057,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(39,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153005950571189,"recording":"a8948c89-3b61-4676-a6bb-7dbd2d1c9af0","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153004853299832,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(40,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153007073931596,"recording":"43435cc5-2eae-45cf-96d0-cc5fd4c28c2e","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153005950571189,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(41,'run_ended','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153007073931596,"role":"main","run":"5bd86d40-fc89-4b4a-aa50-df4db4d66a3a","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(42,'gap_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153007304251785,"role":"main","start_90k":153007073931596,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(43,'run_started','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","is_clock_trusted":false,"role":"main","run":"90fbbd11-9c1c-4af7-9e87-66ed88daf401","start_90k":153007304251785,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(44,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153008553004139,"recording":"b0c4312d-2020-4626-b3fe-39c0519088f5","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153007304251785,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(45,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153009770162870,"recording":"0dd27a65-bd62-4881-ad1b-72dba7abe1c2","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153008553004139,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(46,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153011042419599,"recording":"ae3a2b7f-dfe0-4893-b3ae-d0b6c7ac1491","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153009770162870,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(47,'run_ended','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153011042419599,"role":"main","run":"90fbbd11-9c1c-4af7-9e87-66ed88daf401","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(48,'gap_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153011262019727,"role":"main","start_90k":153011042419599,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(49,'run_started','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","is_clock_trusted":true,"role":"main","run":"a260cd0b-7b45-445c-9a81-682c64e50cad","start_90k":153011262019727,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(50,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153012346098608,"recording":"113db17d-30cb-497d-8fef-792866836886","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153011262019727,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(51,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153013373063236,"recording":"0d75985d-99c9-4309-970d-c1951c2442f9","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153012346098608,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(52,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153014540274825,"recording":"f2ee4e45-19f9-419c-895f-d7b326b94c7f","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153013373063236,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(53,'run_ended','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153014540274825,"role":"main","run":"a260cd0b-7b45-445c-9a81-682c64e50cad","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(54,'gap_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","cause":"camera_silent","detail":"test","end_90k":153014583425212,"role":"main","start_90k":153014540274825,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(55,'run_started','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","is_clock_trusted":true,"role":"main","run":"6050914a-9d33-401c-b53c-631cdfd43f37","start_90k":153014583425212,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(56,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153015741928554,"recording":"f4998d7c-4093-46de-a268-aa872607679d","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153014583425212,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(57,'recording_closed','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153016975958094,"recording":"d953ee26-1d87-4ec3-9f72-96ab7961fd92","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153015741928554,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(58,'gap_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"","end_90k":153000001260000,"role":"sub","start_90k":153000000000000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(59,'run_started','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","is_clock_trusted":true,"role":"sub","run":"57b6fb7e-bfea-4155-9a28-f7b324e4e25a","start_90k":153000001260000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(60,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153001059931693,"recording":"d42fddbb-7a86-47a2-83c7-1b9abd87a865","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153000001260000,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(61,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153002226146067,"recording":"873be078-f3b7-450d-b373-ca533488f876","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153001059931693,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(62,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153003481672663,"recording":"c215a82a-06ec-41ad-aa05-75438b0d590b","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153002226146067,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(63,'run_ended','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153003481672663,"role":"sub","run":"57b6fb7e-bfea-4155-9a28-f7b324e4e25a","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(64,'gap_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153003535933579,"role":"sub","start_90k":153003481672663,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(65,'run_started','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","is_clock_trusted":true,"role":"sub","run":"84b5a818-42d8-4208-986f-40f6b239f3c7","start_90k":153003535933579,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(66,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153004627544527,"recording":"5b0ee76f-2ac3-4446-a883-a1d45de00997","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153003535933579,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(67,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153005719289111,"recording":"a2eddbbd-5464-4cc2-80b0-c08bc7702420","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153004627544527,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(68,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153006796057335,"recording":"da45e18a-c221-4b02-bc24-1d0bc9d488b1","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153005719289111,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(69,'run_ended','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153006796057335,"role":"sub","run":"84b5a818-42d8-4208-986f-40f6b239f3c7","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(70,'gap_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153007016573117,"role":"sub","start_90k":153006796057335,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(71,'run_started','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","is_clock_trusted":false,"role":"sub","run":"332dd331-3a0b-4965-8da6-c6fdbd685167","start_90k":153007016573117,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(72,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153008004131715,"recording":"bb2313f5-5b06-458e-be26-f36a8483f8b8","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153007016573117,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(73,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153009080094051,"recording":"42594052-78e4-498d-8787-f93bca44eb86","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153008004131715,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(74,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153010239740988,"recording":"cefe2a1f-727d-4349-9822-cb77f4de2c08","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153009080094051,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(75,'run_ended','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153010239740988,"role":"sub","run":"332dd331-3a0b-4965-8da6-c6fdbd685167","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(76,'gap_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153010440903388,"role":"sub","start_90k":153010239740988,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(77,'run_started','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","is_clock_trusted":true,"role":"sub","run":"3a12917c-1a26-4889-b870-3800149e259b","start_90k":153010440903388,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(78,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153011672025906,"recording":"3451d013-5675-46ad-b25b-55dd78572976","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153010440903388,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(79,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153012901441241,"recording":"007d1034-d726-486b-9c3a-23cde67a9b75","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153011672025906,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(80,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153013937814010,"recording":"15b40aeb-a4a4-4eff-8cb5-73d95810d60e","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153012901441241,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(81,'run_ended','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153013937814010,"role":"sub","run":"3a12917c-1a26-4889-b870-3800149e259b","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(82,'gap_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153014050222798,"role":"sub","start_90k":153013937814010,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(83,'run_started','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","is_clock_trusted":true,"role":"sub","run":"6f15b6ad-2db3-497f-a396-39be7a605a91","start_90k":153014050222798,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(84,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153015234736973,"recording":"16353d03-551f-48f9-a2c6-8e45ca04c79f","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153014050222798,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(85,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153016292022167,"recording":"b98c67c2-15bd-448f-b261-49edbe4c5ce6","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153015234736973,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(86,'recording_closed','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153017513857130,"recording":"973f7986-26b1-4ffc-870d-710920859634","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153016292022167,"track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(87,'run_ended','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","cause":"camera_silent","detail":"test","end_90k":153017513857130,"role":"sub","run":"6f15b6ad-2db3-497f-a396-39be7a605a91","track":"video"}',153000000000000);
INSERT INTO "outbox" VALUES(88,'hold_acknowledged','{"camera":"8d116ece-1738-47d9-bd9c-172411e20b8f","end_90k":153007776000000,"hold":"faf55496-988a-43fb-9396-30d69c9011ef","start_90k":153000000000000}',153046656000000);
INSERT INTO "outbox" VALUES(89,'recording_deleted','{"camera":"6b0d549b-6f03-475a-9600-a35a099950d8","end_90k":153001281829785,"floor_90k":7776000000,"reason":"pressure","recording":"0fd630f1-f29d-4da9-953f-48f1a09f76b5","role":"main","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153000000000000,"track":"video"}',153046656000000);
INSERT INTO "outbox" VALUES(90,'recording_deleted','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153001059931693,"floor_90k":7776000000,"reason":"pressure","recording":"d42fddbb-7a86-47a2-83c7-1b9abd87a865","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153000001260000,"track":"video"}',153046656000000);
INSERT INTO "outbox" VALUES(91,'recording_deleted','{"camera":"90c192cf-d3ac-44af-8f21-ddb66cad4a26","end_90k":153002226146067,"floor_90k":7776000000,"reason":"pressure","recording":"873be078-f3b7-450d-b373-ca533488f876","role":"sub","root":"0000000000000000000000000000000000000000000000000000000000000000","size_bytes":1000,"start_90k":153001059931693,"track":"video"}',153046656000000);
CREATE TABLE recording (
    recording_id TEXT PRIMARY KEY,          -- UUID, the files' name too
    run_id       TEXT NOT NULL REFERENCES run (run_id),        -- the unbroken session it belongs to
    stream_id    INTEGER NOT NULL REFERENCES stream (id),      -- what it shows
    state        TEXT NOT NULL CHECK (state IN ('open', 'closed', 'garbage')),  -- model.RecordingState
    start_90k    INTEGER NOT NULL,          -- presentation time of the first sample
    end_90k      INTEGER CHECK (end_90k >= start_90k),         -- end of the last sample; NULL while open
    codec        TEXT NOT NULL,             -- media.samples.Codec
    codec_string TEXT NOT NULL,             -- RFC 6381, for the browser
    width        INTEGER NOT NULL,          -- pixels
    height       INTEGER NOT NULL,          -- pixels
    size_bytes   INTEGER CHECK (size_bytes >= 0),              -- of the media file; NULL while open
    fragments    INTEGER,                   -- with samples, the init segment not counted; NULL while open
    samples      INTEGER,                   -- coded pictures; NULL while open
    root         TEXT,                      -- hex, RFC 6962 Merkle root over the table's hashes, record 0 included; NULL while open
    is_salvaged  INTEGER NOT NULL DEFAULT 0 CHECK (is_salvaged IN (0, 1)),  -- closed by a keeper instead of its writer
    key_id       TEXT NOT NULL DEFAULT '',  -- key that encrypts it at rest; empty: not encrypted
    cipher       TEXT NOT NULL DEFAULT '',  -- and how; empty: not encrypted
    host         TEXT NOT NULL,             -- recorder host whose keeper entered it
    epoch        INTEGER NOT NULL,          -- deployment epoch at that time
    CHECK (state = 'open' OR (end_90k IS NOT NULL AND size_bytes IS NOT NULL AND fragments IS NOT NULL
                              AND samples IS NOT NULL AND root IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO "recording" VALUES('007d1034-d726-486b-9c3a-23cde67a9b75','3a12917c-1a26-4889-b870-3800149e259b',3,'closed',153011672025906,153012901441241,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('0becd7b0-3898-4190-b9eb-dacc0cb1e29c','a170b338-3926-4059-b28c-105d1fb17c23',1,'garbage',153001281829785,153002552686976,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('0d75985d-99c9-4309-970d-c1951c2442f9','a260cd0b-7b45-445c-9a81-682c64e50cad',2,'closed',153012346098608,153013373063236,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('0dd27a65-bd62-4881-ad1b-72dba7abe1c2','90fbbd11-9c1c-4af7-9e87-66ed88daf401',2,'closed',153008553004139,153009770162870,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('0f4205b4-907a-40c3-9012-f037b64ce422','1a61dbe2-2e44-458b-ae97-ba94d0eda82f',1,'closed',153005066041443,153006148614686,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('113db17d-30cb-497d-8fef-792866836886','a260cd0b-7b45-445c-9a81-682c64e50cad',2,'closed',153011262019727,153012346098608,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('119a72d1-74c9-4f6a-8c01-1cdd9474031b','6bf46c69-7d2c-4f82-aeea-cbe226e87555',1,'closed',153013665328916,153014687577882,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('13deef86-ab10-41d0-b646-e1f40a097c97','6bf46c69-7d2c-4f82-aeea-cbe226e87555',1,'closed',153011233713686,153012505328325,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('15b40aeb-a4a4-4eff-8cb5-73d95810d60e','3a12917c-1a26-4889-b870-3800149e259b',3,'closed',153012901441241,153013937814010,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('16353d03-551f-48f9-a2c6-8e45ca04c79f','6f15b6ad-2db3-497f-a396-39be7a605a91',3,'closed',153014050222798,153015234736973,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('2a96fb1a-14a0-49e7-bf1b-103cdf1582b0','c4aaeac1-37dc-46fb-8f17-a3007e62aa0a',2,'closed',153001186249690,153002399405338,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('301850c5-a38f-4547-923a-736994e3bf91','1a61dbe2-2e44-458b-ae97-ba94d0eda82f',1,'closed',153003894112035,153005066041443,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('3451d013-5675-46ad-b25b-55dd78572976','3a12917c-1a26-4889-b870-3800149e259b',3,'closed',153010440903388,153011672025906,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('3e7d1bfb-c7a2-4a20-b2f1-4c942e05319a','cb5c7427-3f98-4277-8cbd-87ad5c90a958',1,'closed',153007619284294,153008635229869,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('3f63af83-bd05-41e6-a11c-70cf49952399','c4aaeac1-37dc-46fb-8f17-a3007e62aa0a',2,'closed',153000000630000,153001186249690,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('42594052-78e4-498d-8787-f93bca44eb86','332dd331-3a0b-4965-8da6-c6fdbd685167',3,'closed',153008004131715,153009080094051,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('43435cc5-2eae-45cf-96d0-cc5fd4c28c2e','5bd86d40-fc89-4b4a-aa50-df4db4d66a3a',2,'closed',153005950571189,153007073931596,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('4fd58dbe-7bdc-468b-bafb-2c68774b15d7','6050914a-9d33-401c-b53c-631cdfd43f37',2,'open',153016975958094,NULL,'h264','avc1.42c00b',64,48,NULL,NULL,NULL,NULL,0,'','','former',1);
INSERT INTO "recording" VALUES('506bf2ef-c6f8-4718-ad76-b07e881ed162','1a61dbe2-2e44-458b-ae97-ba94d0eda82f',1,'closed',153006148614686,153007370582784,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('57124242-5051-41cc-917f-9acae01f5057','6bf46c69-7d2c-4f82-aeea-cbe226e87555',1,'closed',153012505328325,153013665328916,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('57ee05cd-e009-42c7-bebf-f20686734721','cb5c7427-3f98-4277-8cbd-87ad5c90a958',1,'closed',153008635229869,153009848195892,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('5b0ee76f-2ac3-4446-a883-a1d45de00997','84b5a818-42d8-4208-986f-40f6b239f3c7',3,'closed',153003535933579,153004627544527,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('7631a992-f0ce-4835-85c6-af0758d5563d','0f88080b-10a3-46b2-aa05-e11ab2715945',1,'closed',153017408910206,153018571748547,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('830e07bc-1e39-4f10-92bd-4acefaecbd38','cb5c7427-3f98-4277-8cbd-87ad5c90a958',1,'closed',153009848195892,153011044673873,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('8a6a63ec-24ed-46a4-ab4c-b2424a23d596','a170b338-3926-4059-b28c-105d1fb17c23',1,'closed',153002552686976,153003587926200,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('973f7986-26b1-4ffc-870d-710920859634','6f15b6ad-2db3-497f-a396-39be7a605a91',3,'closed',153016292022167,153017513857130,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('a2eddbbd-5464-4cc2-80b0-c08bc7702420','84b5a818-42d8-4208-986f-40f6b239f3c7',3,'closed',153004627544527,153005719289111,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('a5aa3c81-4f42-4dcb-b394-fb36bb2d420f','0f88080b-10a3-46b2-aa05-e11ab2715945',1,'closed',153014947507487,153016229790005,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('a8948c89-3b61-4676-a6bb-7dbd2d1c9af0','5bd86d40-fc89-4b4a-aa50-df4db4d66a3a',2,'closed',153004853299832,153005950571189,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('ae3a2b7f-dfe0-4893-b3ae-d0b6c7ac1491','90fbbd11-9c1c-4af7-9e87-66ed88daf401',2,'closed',153009770162870,153011042419599,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('b0c4312d-2020-4626-b3fe-39c0519088f5','90fbbd11-9c1c-4af7-9e87-66ed88daf401',2,'closed',153007304251785,153008553004139,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('b774eb52-48db-40af-b215-8370d269a9a5','0f88080b-10a3-46b2-aa05-e11ab2715945',1,'closed',153016229790005,153017408910206,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('b98c67c2-15bd-448f-b261-49edbe4c5ce6','6f15b6ad-2db3-497f-a396-39be7a605a91',3,'closed',153015234736973,153016292022167,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('bb2313f5-5b06-458e-be26-f36a8483f8b8','332dd331-3a0b-4965-8da6-c6fdbd685167',3,'closed',153007016573117,153008004131715,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('c215a82a-06ec-41ad-aa05-75438b0d590b','57b6fb7e-bfea-4155-9a28-f7b324e4e25a',3,'closed',153002226146067,153003481672663,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('cefe2a1f-727d-4349-9822-cb77f4de2c08','332dd331-3a0b-4965-8da6-c6fdbd685167',3,'closed',153009080094051,153010239740988,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('d1bc52d9-230d-477e-a225-71594720771f','c4aaeac1-37dc-46fb-8f17-a3007e62aa0a',2,'closed',153002399405338,153003602539888,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('d953ee26-1d87-4ec3-9f72-96ab7961fd92','6050914a-9d33-401c-b53c-631cdfd43f37',2,'closed',153015741928554,153016975958094,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('da45e18a-c221-4b02-bc24-1d0bc9d488b1','84b5a818-42d8-4208-986f-40f6b239f3c7',3,'closed',153005719289111,153006796057335,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('f2ee4e45-19f9-419c-895f-d7b326b94c7f','a260cd0b-7b45-445c-9a81-682c64e50cad',2,'closed',153013373063236,153014540274825,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('f4998d7c-4093-46de-a268-aa872607679d','6050914a-9d33-401c-b53c-631cdfd43f37',2,'closed',153014583425212,153015741928554,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
INSERT INTO "recording" VALUES('f52ddf5d-6164-49c9-a25a-7605aec6f024','5bd86d40-fc89-4b4a-aa50-df4db4d66a3a',2,'closed',153003757416057,153004853299832,'h264','avc1.42c00b',64,48,1000,10,100,'0000000000000000000000000000000000000000000000000000000000000000',0,'','','former',1);
CREATE TABLE run (
    run_id           TEXT PRIMARY KEY,      -- UUID given by the worker
    stream_id        INTEGER NOT NULL REFERENCES stream (id),  -- what was recorded
    start_90k        INTEGER NOT NULL,      -- presentation time of the first sample
    end_90k          INTEGER CHECK (end_90k >= start_90k),     -- NULL: still running
    end_cause        TEXT,                  -- model.GapCause of what came after
    end_detail       TEXT,                  -- short ASCII code for people to look up; 'salvaged' when a keeper ended it
    is_clock_trusted INTEGER NOT NULL CHECK (is_clock_trusted IN (0, 1)),  -- whether the timeline stood on a trusted clock
    codec            TEXT NOT NULL,         -- media.samples.Codec
    width            INTEGER NOT NULL,      -- pixels
    height           INTEGER NOT NULL,      -- pixels
    camera_claim_90k INTEGER,               -- wall clock the camera claimed at the start; a claim, orders nothing
    worker           TEXT NOT NULL          -- name of the process that ran it
) STRICT, WITHOUT ROWID;
INSERT INTO "run" VALUES('0f88080b-10a3-46b2-aa05-e11ab2715945',1,153014947507487,153018571748547,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('1a61dbe2-2e44-458b-ae97-ba94d0eda82f',1,153003894112035,153007370582784,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('332dd331-3a0b-4965-8da6-c6fdbd685167',3,153007016573117,153010239740988,'camera_silent','test',0,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('3a12917c-1a26-4889-b870-3800149e259b',3,153010440903388,153013937814010,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('57b6fb7e-bfea-4155-9a28-f7b324e4e25a',3,153000001260000,153003481672663,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('5bd86d40-fc89-4b4a-aa50-df4db4d66a3a',2,153003757416057,153007073931596,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('6050914a-9d33-401c-b53c-631cdfd43f37',2,153014583425212,NULL,NULL,NULL,1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('6bf46c69-7d2c-4f82-aeea-cbe226e87555',1,153011233713686,153014687577882,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('6f15b6ad-2db3-497f-a396-39be7a605a91',3,153014050222798,153017513857130,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('84b5a818-42d8-4208-986f-40f6b239f3c7',3,153003535933579,153006796057335,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('90fbbd11-9c1c-4af7-9e87-66ed88daf401',2,153007304251785,153011042419599,'camera_silent','test',0,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('a170b338-3926-4059-b28c-105d1fb17c23',1,153000000000000,153003587926200,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('a260cd0b-7b45-445c-9a81-682c64e50cad',2,153011262019727,153014540274825,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('c4aaeac1-37dc-46fb-8f17-a3007e62aa0a',2,153000000630000,153003602539888,'camera_silent','test',1,'h264',64,48,NULL,'w0');
INSERT INTO "run" VALUES('cb5c7427-3f98-4277-8cbd-87ad5c90a958',1,153007619284294,153011044673873,'camera_silent','test',0,'h264',64,48,NULL,'w0');
CREATE TABLE stream (
    id                INTEGER PRIMARY KEY,  -- local to this index
    camera_id         TEXT NOT NULL,        -- UUID of the camera
    role              TEXT NOT NULL CHECK (role IN ('main', 'sub')),  -- model.StreamRole
    track             TEXT NOT NULL,        -- "video" or "audio"
    planned_since_90k INTEGER,              -- every second from here on is footage or a gap; NULL: no plan named it yet
    planned_until_90k INTEGER,              -- when a plan left it out; NULL: the current plan names it
    floor_90k         INTEGER CHECK (floor_90k >= 0),  -- retention floor the last plan gave; NULL: never told, delete nothing
    UNIQUE (camera_id, role, track)
) STRICT;
INSERT INTO "stream" VALUES(1,'6b0d549b-6f03-475a-9600-a35a099950d8','main','video',153000000000000,NULL,7776000000);
INSERT INTO "stream" VALUES(2,'8d116ece-1738-47d9-bd9c-172411e20b8f','main','video',153000000000000,NULL,7776000000);
INSERT INTO "stream" VALUES(3,'90c192cf-d3ac-44af-8f21-ddb66cad4a26','sub','video',153000000000000,NULL,7776000000);
CREATE INDEX run_by_stream ON run (stream_id, start_90k);
CREATE INDEX recording_by_stream ON recording (stream_id, start_90k);
CREATE INDEX recording_by_age ON recording (state, end_90k);
CREATE INDEX gap_by_stream ON gap (stream_id, start_90k);
CREATE UNIQUE INDEX gap_open_once ON gap (stream_id) WHERE end_90k IS NULL;
CREATE INDEX hold_in_force ON hold (camera_id) WHERE released_at_90k IS NULL;
CREATE INDEX deletion_by_time ON deletion (deleted_at_90k);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('outbox',91);
COMMIT;
