-- Who did what, when and from where. Append-only: nothing is ever changed but the detail and its salt, which
-- erasure empties. The chain covers a keyed hash of the detail, so it still verifies afterwards.

create table audit (
    id integer primary key,
    at integer not null,
    user_id integer not null references user (id),
    action text not null,
    enquiry_id integer references enquiry (id),
    household_id integer references household (id),
    subject_user_id integer references user (id),
    address text not null,
    detail text,
    salt blob,
    detail_hash blob not null,
    chain blob not null
) strict;

create index audit_by_enquiry on audit (enquiry_id, id) where enquiry_id is not null;
create index audit_by_user on audit (user_id, id);
