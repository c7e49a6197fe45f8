-- By what ways and in which campaigns families come: the lists that an administrator keeps and the forms offer. A changed
-- entry is a new version; the old one stays, so that who changed what and when can be read. An enquiry has the name
-- itself in its ledger, so that what is recorded under other names, or was known before, does not change with this table.
create table listed_source (
    id integer primary key,
    root_id integer not null,
    list text not null check (list in ('source', 'campaign')),
    name text not null check (trim(name) <> ''),
    -- Of a source: where it stands in its list, the smallest first. Campaigns stand by their days.
    position integer,
    -- Of a campaign, as far as they are known: its first and its last day.
    runs_from text check (runs_from is date(runs_from)),
    runs_to text check (runs_to is date(runs_to)),
    in_use integer not null check (in_use in (0, 1)),
    -- Somebody put it where it stands with this version.
    moved integer not null default 0 check (moved in (0, 1)),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check ((list = 'source') = (position is not null)),
    check (list = 'campaign' or (runs_from is null and runs_to is null)),
    check (runs_from <= runs_to),
    check ((superseded_at is null) = (superseded_by is null))
) strict;

create index listed_source_by_root on listed_source (root_id, id);
create unique index listed_source_in_force on listed_source (list, name) where superseded_at is null;

-- What is recorded already goes on being offered; of what differs in capitals only, the one that is recorded most.
insert into listed_source (id, root_id, list, name, position, in_use, recorded_at, recorded_by)
select nth, nth, list, name, iif(list = 'source', nth, null), 1, 0, 1
from (
    select list, name, row_number() over (order by list desc, count desc, name) as nth
    from (
        select list, name, count, row_number() over (partition by list, lower(trim(name)) order by count desc, name) as of_alike
        from (
            select 'source' as list, source as name, count(*) as count
            from enquiry_now
            where trim(source) <> ''
            group by source
            union all
            select 'campaign', campaign, count(*)
            from enquiry_now
            where trim(campaign) <> ''
            group by campaign))
    where of_alike = 1);

-- A service that begins has something to begin with.
insert into listed_source (id, root_id, list, name, position, in_use, recorded_at, recorded_by)
select column1, column1, 'source', column2, column1, 1, 0, 1
from (values
    (1, 'Council website'), (2, 'Search engine'), (3, 'Facebook'), (4, 'Friend who fosters'), (5, 'Word of mouth'),
    (6, 'Community event'), (7, 'Leaflet'), (8, 'Local radio'), (9, 'Local newspaper'), (10, 'Employer'))
where not exists (select 1 from listed_source);
