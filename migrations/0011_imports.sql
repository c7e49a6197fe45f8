-- Imports in the browser: files on their way, mappings by name, and what undoing an import needs.

-- The entry of the audit that tells of the import: what was written on its enquiries after it was built on it.
alter table import add column audit_id integer;
update import
set audit_id = (select max(id) from audit where action = 'enquiries_imported' and at = import.started_at);

alter table import add column undone_at integer;
alter table import add column undone_by integer references user (id);

create index enquiry_by_import on enquiry (import_id, id) where import_id is not null;

-- Known enquiries that took newer facts from a file. Ledgers keep their own past; a household does not, so what it was
-- before is kept here, where the import changed it. Undoing the import, and erasure, empty it.
create table import_change (
    import_id integer not null references import (id),
    enquiry_id integer not null references enquiry (id),
    household_before text,
    primary key (import_id, enquiry_id)
) strict, without rowid;

create index import_change_by_enquiry on import_change (enquiry_id);

-- A file that somebody has uploaded and not yet taken in. The file itself, and what was found in it, is in a folder
-- beside the database and never in it: backups must not hold what is soon deleted.
create table upload (
    -- Never used again: an address that somebody kept must not lead to another file.
    id integer primary key autoincrement,
    -- The name of its own folder.
    token text not null unique,
    user_id integer not null references user (id),
    -- As the browser says it; shown, never a path.
    file_name text not null,
    sha256 text not null,
    bytes integer not null,
    uploaded_at integer not null,
    state text not null check (state in
        ('reading', 'read', 'refused', 'checking', 'checked', 'importing', 'imported')),
    -- Why the file cannot be taken, or why the last step was not done.
    problem text,
    -- Sheets and header rows, where somebody chose others than were found.
    layout text,
    -- TOML, as in a mapping file.
    mapping text,
    -- Which newer facts of known rows are taken: none, all, or these rows.
    newer text not null,
    -- Over everything that the preview shows: it must still be so when it is confirmed.
    preview_hash text,
    import_id integer references import (id),
    version integer not null default 1
) strict;

create index upload_by_user on upload (user_id, id);
create index upload_by_time on upload (uploaded_at);

create table mapping (
    id integer primary key,
    name text not null unique collate nocase check (trim(name) <> ''),
    -- TOML, as in a mapping file.
    text text not null,
    -- Of the headers of the file that it was made for: it is offered for the next one with the same.
    headers_hash text not null,
    saved_at integer not null,
    saved_by integer not null references user (id)
) strict;

create index mapping_by_headers on mapping (headers_hash, saved_at);
