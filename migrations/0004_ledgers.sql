-- The ledgers. A row is a fact: when it happened, who recorded it and when, and, once corrected or withdrawn,
-- who superseded it, when and why. Rows are never deleted, and nothing but the superseding is ever written to one.
-- A correction carries the root of the fact it replaces; a second visit or panel has a root of its own.

create table milestone (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    kind text not null check (kind in
        ('enquired', 'enquiry_received', 'first_contact', 'information_session', 'initial_visit', 'invited_to_apply',
         'application_received', 'assessment_started', 'stage_1_information_complete', 'stage_1_outcome_notified',
         'stage_2_started', 'preparation_training_completed', 'report_completed', 'report_shared_with_applicants',
         'applicants_observations', 'papers_sent_to_panel', 'panel_recommendation', 'panel_minutes_final',
         'decision_made', 'decision_told', 'decision_written', 'representations_received', 'irm_applied',
         'irm_recommendation', 'temporary_approval', 'temporary_approval_extended', 'approved', 'closed', 'reopened')),
    happened_on text not null check (happened_on is date(happened_on)),
    -- What was recommended, decided or notified; null where that is not known.
    result text check (result is null
        or (kind = 'panel_recommendation' and result in ('approve', 'do_not_approve', 'defer'))
        or (kind in ('decision_made', 'irm_recommendation') and result in ('approve', 'do_not_approve'))
        or (kind = 'stage_1_outcome_notified' and result in ('go_on', 'do_not_go_on'))),
    close_reason text references close_reason (code),
    places integer check (places is null or (kind = 'approved' and places between 1 and 20)),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    superseded_why text,
    check ((kind = 'closed') = (close_reason is not null)),
    check ((superseded_at is null) = (superseded_by is null)),
    check ((superseded_at is null) = (superseded_why is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

-- Covering: reports as known at an earlier time read only this.
create index milestone_by_enquiry on milestone
    (enquiry_id, kind, happened_on, recorded_at, superseded_at, root_id, close_reason, result);
create index milestone_by_kind on milestone (kind, happened_on, enquiry_id, recorded_at, superseded_at);

-- What reports group by. The officer is a dated fact (from_on); the others hold for the whole enquiry (null).
create table attribute (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    name text not null check (name in ('source', 'campaign', 'fostering_type', 'hub', 'hub_reference', 'officer')),
    -- Null: from then on nobody, or nothing recorded.
    value text check (value is null or trim(value) <> ''),
    -- The officer's account, where the name is a person's of exactly that name.
    user_id integer references user (id),
    from_on text check (from_on is date(from_on)),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    superseded_why text,
    check ((name = 'officer') = (from_on is not null)),
    check (name = 'officer' or user_id is null),
    check (name <> 'fostering_type' or value is null or value in
        ('mainstream', 'long_term', 'short_term', 'short_breaks', 'emergency', 'parent_and_child', 'remand',
         'fostering_to_adopt', 'family_and_friends', 'supported_lodgings', 'other')),
    check ((superseded_at is null) = (superseded_by is null)),
    check ((superseded_at is null) = (superseded_why is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

-- Covering, in the order in which the latest is found.
create index attribute_by_enquiry on attribute
    (enquiry_id, name, from_on, root_id, recorded_at, superseded_at, value);

create table pause (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    from_on text not null check (from_on is date(from_on)),
    -- The first day on which the pause is over; null while nobody knows.
    to_on text check (to_on is date(to_on)),
    reason text not null check (reason in
        ('adoption_assessment', 'illness', 'pregnancy_or_new_baby', 'house_move_or_building_work', 'work', 'other',
         'not_recorded')),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    superseded_why text,
    check (to_on is null or to_on >= from_on),
    check ((superseded_at is null) = (superseded_by is null)),
    check ((superseded_at is null) = (superseded_why is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

create index pause_by_enquiry on pause (enquiry_id, from_on, to_on, recorded_at, superseded_at);

create table in_touch (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    from_on text not null check (from_on is date(from_on)),
    -- The first day on which the family is no longer only kept in touch with; null while it goes on.
    to_on text check (to_on is date(to_on)),
    contact_again_on text check (contact_again_on is date(contact_again_on)),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    superseded_why text,
    check (to_on is null or to_on >= from_on),
    check ((superseded_at is null) = (superseded_by is null)),
    check ((superseded_at is null) = (superseded_why is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

create index in_touch_by_enquiry on in_touch (enquiry_id, from_on, to_on, recorded_at, superseded_at);

-- Why enquiries end. Data: a service adds its own; the Ofsted codes (AW0 to AW5) are fixed.
create table close_reason (
    code text primary key,
    label text not null,
    ended_by text not null check (ended_by in ('applicant', 'service', 'transferred', 'duplicate')),
    applies text not null check (applies in ('before_applying', 'after_applying', 'any')),
    fixed integer not null check (fixed in (0, 1)),
    position integer not null
) strict, without rowid;

insert into close_reason (code, label, ended_by, applies, fixed, position) values
    ('no_spare_room', 'No spare room', 'applicant', 'before_applying', 0, 1),
    ('work_or_childcare', 'Work or childcare', 'applicant', 'before_applying', 0, 2),
    ('health', 'Health', 'applicant', 'before_applying', 0, 3),
    ('housing_or_tenancy', 'Housing or tenancy', 'applicant', 'before_applying', 0, 4),
    ('moving_away', 'Moving away', 'applicant', 'before_applying', 0, 5),
    ('chose_another_agency', 'Chose another agency', 'applicant', 'before_applying', 0, 6),
    ('not_now', 'Not now', 'applicant', 'before_applying', 0, 7),
    ('no_reply', 'No reply after attempts', 'applicant', 'before_applying', 0, 8),
    ('not_recorded', 'Reason not recorded', 'applicant', 'before_applying', 1, 9),
    ('AW1', 'AW1 Fostering not as expected', 'applicant', 'after_applying', 1, 11),
    ('AW2', 'AW2 Assessment not as expected', 'applicant', 'after_applying', 1, 12),
    ('AW3', 'AW3 Household circumstances changed', 'applicant', 'after_applying', 1, 13),
    ('AW4', 'AW4 Financial', 'applicant', 'after_applying', 1, 14),
    ('AW5', 'AW5 Risk of allegations', 'applicant', 'after_applying', 1, 15),
    ('AW0', 'AW0 Other or unknown', 'applicant', 'after_applying', 1, 16),
    ('not_eligible', 'Not eligible', 'service', 'any', 0, 21),
    ('out_of_area', 'Out of area', 'service', 'any', 0, 22),
    ('safeguarding', 'Safeguarding or criminal record', 'service', 'any', 0, 23),
    ('suitability', 'Suitability', 'service', 'any', 0, 24),
    ('stage_1_outcome', 'Stage 1 outcome (written reasons; no IRM)', 'service', 'after_applying', 0, 25),
    ('not_approved', 'Not approved (qualifying determination)', 'service', 'after_applying', 0, 26),
    ('service_other', 'Other reason of the service', 'service', 'any', 1, 27),
    ('transferred', 'Transferred to another agency or council', 'transferred', 'any', 1, 31),
    ('duplicate', 'Duplicate of another enquiry', 'duplicate', 'any', 1, 32);
