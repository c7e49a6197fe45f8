-- Two entries of a list that turn out to be the same: one goes into the other, and no version of it is in force any more.

-- Of the last version of an entry that went: the entry that stays, by its first version. Who said so and when is who
-- superseded it.
alter table listed_source add column merged_into integer references listed_source (id)
    check (merged_into is null or (merged_into <> root_id and superseded_at is not null));

create index listed_source_by_merged_into on listed_source (merged_into) where merged_into is not null;
