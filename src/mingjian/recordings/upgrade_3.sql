-- From version 2 to 3: fragments that a scrub found damaged are holes too, told from those that never reached the disk.

ALTER TABLE hole ADD COLUMN is_damage INTEGER NOT NULL DEFAULT 0 CHECK (is_damage IN (0, 1));
