-- How people keep the list of enquiries: views with names, the columns that somebody has chosen, and the view with which
-- the list opens. Nothing here counts in any figure.

create table saved_view (
    id integer primary key,
    -- Whose it is. One that is shared with everybody is kept by managers.
    user_id integer not null references user (id),
    name text not null check (trim(name) <> ''),
    shared integer not null default 0 check (shared in (0, 1)),
    -- Filters and order as the list's address has them, without the page.
    query text not null,
    -- Codes of columns, with commas.
    columns text not null,
    version integer not null default 1,
    changed_at integer not null,
    changed_by integer not null references user (id)
) strict;

create unique index saved_view_own on saved_view (user_id, name collate nocase) where shared = 0;
create unique index saved_view_shared on saved_view (name collate nocase) where shared = 1;

-- What one person has chosen for their list.
create table list_choice (
    user_id integer primary key references user (id),
    -- Null: the usual ones.
    columns text,
    -- Null: with everything that is in progress.
    opens_with integer references saved_view (id) on delete set null
) strict;

create index list_choice_by_view on list_choice (opens_with) where opens_with is not null;
