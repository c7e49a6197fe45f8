-- A check with a list (`in`) of more than two has SQLite make that list anew for each row it looks at: of a milestone's
-- kinds, 5.5 of 8 microseconds that the row took to write. The same said with `or` takes half a microsecond. Here are the
-- tables of which a file brings many rows; nothing else about them changes.

create table household_key_new (
    kind text not null check (kind = 'name' or kind = 'phone' or kind = 'email' or kind = 'postcode'),
    value text not null,
    household_id integer not null references household (id),
    primary key (kind, value, household_id)
) strict, without rowid;

insert into household_key_new
select *
from household_key;

drop table household_key;
alter table household_key_new rename to household_key;

create index household_key_by_household on household_key (household_id);

create table note_new (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    kind text not null check (
        kind = 'note' or kind = 'call' or kind = 'no_answer' or kind = 'email' or kind = 'text_message'
        or kind = 'letter' or kind = 'meeting'),
    happened_on text not null check (happened_on is date(happened_on)),
    body text not null,
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check ((superseded_at is null) = (superseded_by is null))
) strict;

insert into note_new
select *
from note;

drop table note;
alter table note_new rename to note;

create index note_by_enquiry on note (enquiry_id, happened_on, id);

create table milestone_new (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    kind text not null check (
        kind = 'enquired' or kind = 'enquiry_received' or kind = 'first_contact' or kind = 'information_session'
        or kind = 'initial_visit' or kind = 'invited_to_apply' or kind = 'application_received'
        or kind = 'assessment_started' or kind = 'stage_1_information_complete' or kind = 'stage_1_outcome_notified'
        or kind = 'stage_2_started' or kind = 'preparation_training_completed' or kind = 'report_completed'
        or kind = 'report_shared_with_applicants' or kind = 'applicants_observations' or kind = 'papers_sent_to_panel'
        or kind = 'panel_recommendation' or kind = 'panel_minutes_final' or kind = 'decision_made'
        or kind = 'decision_told' or kind = 'decision_written' or kind = 'representations_received'
        or kind = 'irm_applied' or kind = 'irm_recommendation' or kind = 'temporary_approval'
        or kind = 'temporary_approval_extended' or kind = 'approved' or kind = 'closed' or kind = 'reopened'),
    happened_on text not null check (happened_on is date(happened_on)),
    -- What was recommended, decided or notified; null where that is not known.
    result text check (result is null
        or (kind = 'panel_recommendation' and (result = 'approve' or result = 'do_not_approve' or result = 'defer'))
        or (kind in ('decision_made', 'irm_recommendation') and result in ('approve', 'do_not_approve'))
        or (kind = 'stage_1_outcome_notified' and result in ('go_on', 'do_not_go_on'))),
    close_reason text references close_reason (code),
    places integer check (places is null or (kind = 'approved' and places between 1 and 20)),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    superseded_why text,
    -- Of a closure as a duplicate: the enquiry that goes on.
    duplicate_of integer references enquiry (id)
        check (duplicate_of is null or (close_reason = 'duplicate' and duplicate_of <> enquiry_id)),
    check ((kind = 'closed') = (close_reason is not null)),
    check ((superseded_at is null) = (superseded_by is null)),
    check ((superseded_at is null) = (superseded_why is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

insert into milestone_new
select *
from milestone;

drop table milestone;
alter table milestone_new rename to milestone;

create index milestone_by_enquiry on milestone
    (enquiry_id, kind, happened_on, recorded_at, superseded_at, root_id, close_reason, result);
create index milestone_by_kind on milestone (kind, happened_on, enquiry_id, recorded_at, superseded_at);
create index milestone_by_duplicate_of on milestone (duplicate_of) where duplicate_of is not null;

create table attribute_new (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    name text not null check (
        name = 'source' or name = 'campaign' or name = 'fostering_type' or name = 'hub' or name = 'hub_reference'
        or name = 'officer'),
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
    check (name <> 'fostering_type' or value is null
        or value = 'mainstream' or value = 'long_term' or value = 'short_term' or value = 'short_breaks'
        or value = 'emergency' or value = 'parent_and_child' or value = 'remand' or value = 'fostering_to_adopt'
        or value = 'family_and_friends' or value = 'supported_lodgings' or value = 'other'),
    check ((superseded_at is null) = (superseded_by is null)),
    check ((superseded_at is null) = (superseded_why is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

insert into attribute_new
select *
from attribute;

drop table attribute;
alter table attribute_new rename to attribute;

create index attribute_by_enquiry on attribute
    (enquiry_id, name, from_on, root_id, recorded_at, superseded_at, value);

create table pause_new (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    from_on text not null check (from_on is date(from_on)),
    -- The first day on which the pause is over; null while nobody knows.
    to_on text check (to_on is date(to_on)),
    reason text not null check (
        reason = 'adoption_assessment' or reason = 'illness' or reason = 'pregnancy_or_new_baby'
        or reason = 'house_move_or_building_work' or reason = 'work' or reason = 'other' or reason = 'not_recorded'),
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

insert into pause_new
select *
from pause;

drop table pause;
alter table pause_new rename to pause;

create index pause_by_enquiry on pause (enquiry_id, from_on, to_on, recorded_at, superseded_at);

create table enquiry_now_new (
    enquiry_id integer primary key references enquiry (id),
    -- What a list shows and sorts by: "Priya Nair and Tom Reed".
    display_name text not null,
    sort_name text not null,
    -- The day received, or the day enquired where that is not known: time zero of every figure.
    day_on text not null,
    enquired_on text,
    received_on text,
    first_contact_on text,
    information_session_on text,
    initial_visit_on text,
    invited_to_apply_on text,
    application_received_on text,
    assessment_started_on text,
    stage_1_information_complete_on text,
    stage_1_outcome_on text,
    stage_2_started_on text,
    preparation_training_completed_on text,
    report_completed_on text,
    report_shared_on text,
    observations_on text,
    papers_sent_on text,
    panel_on text,
    panel_minutes_final_on text,
    decision_on text,
    decision_told_on text,
    decision_written_on text,
    representations_on text,
    irm_applied_on text,
    irm_recommendation_on text,
    temporary_approval_on text,
    temporary_approval_extended_on text,
    approved_on text,
    closed_on text,
    -- Set when the enquiry was ever reopened: its closures must then be read from the ledger for earlier days.
    reopened integer not null default 0 check (reopened in (0, 1)),
    approved_places integer,
    -- Of the latest recommendation and decision.
    panel_recommendation text,
    decision text,
    close_reason text,
    ended_by text check (
        ended_by = 'applicant' or ended_by = 'service' or ended_by = 'transferred' or ended_by = 'duplicate'),
    stage text not null check (
        stage = 'new' or stage = 'in_contact' or stage = 'visited' or stage = 'application' or stage = 'stage_1'
        or stage = 'stage_2' or stage = 'panel' or stage = 'decision' or stage = 'approved'),
    -- 1 while neither approved nor closed.
    live integer not null check (live in (0, 1)),
    last_on text not null,
    -- The latest pause and keeping in touch; whether they hold depends on the day.
    paused_from text,
    paused_to text,
    pause_reason text,
    in_touch_from text,
    in_touch_to text,
    contact_again_on text,
    source text,
    campaign text,
    fostering_type text,
    hub text,
    hub_reference text,
    -- Hub and hub reference in lower case without spaces and punctuation: how a referral is recognised.
    hub_key text,
    officer text,
    officer_user_id integer references user (id),
    officer_from text,
    stage_since text not null default '',
    stage_1_since text,
    check (received_on is not null or enquired_on is not null)
) strict;

insert into enquiry_now_new
select *
from enquiry_now;

drop table enquiry_now;
alter table enquiry_now_new rename to enquiry_now;

create unique index enquiry_now_by_hub_key on enquiry_now (hub_key) where hub_key is not null;
create index enquiry_now_by_hub_reference on enquiry_now (hub_reference) where hub_reference is not null;
create index enquiry_now_for_list on enquiry_now
    (live, day_on desc, enquiry_id desc, stage, stage_1_outcome_on, officer, officer_user_id, source, hub, fostering_type,
     approved_on, paused_from, paused_to, in_touch_from, in_touch_to, last_on, sort_name);
create index enquiry_now_by_officer on enquiry_now (officer) where officer is not null;
create index enquiry_now_by_source on enquiry_now (source) where source is not null;
create index enquiry_now_by_type on enquiry_now (fostering_type) where fostering_type is not null;
create index enquiry_now_by_campaign on enquiry_now (campaign) where campaign is not null;
create index enquiry_now_by_hub on enquiry_now (hub) where hub is not null;
create index enquiry_now_for_funnel on enquiry_now
    (day_on, ended_by, reopened, first_contact_on, initial_visit_on, application_received_on, stage_2_started_on,
     panel_on, approved_on, closed_on, fostering_type, paused_from, in_touch_from, source, campaign, hub, officer,
     officer_from);
create index enquiry_now_by_name on enquiry_now
    (live, sort_name, day_on, enquiry_id, stage, stage_1_outcome_on, officer, officer_user_id, source, hub,
     fostering_type, approved_on, paused_from, paused_to, in_touch_from, in_touch_to);
create index enquiry_now_by_last_event on enquiry_now
    (live, last_on, day_on, enquiry_id, stage, stage_1_outcome_on, officer, officer_user_id, source, hub,
     fostering_type, approved_on, paused_from, paused_to, in_touch_from, in_touch_to);
create index enquiry_now_unassigned on enquiry_now (day_on, enquiry_id) where live = 1 and officer is null;
create index enquiry_now_by_officer_user on enquiry_now (officer_user_id, enquiry_id) where officer_user_id is not null;
create index enquiry_now_for_board on enquiry_now
    (live, stage, stage_since, enquiry_id, officer_user_id, officer, fostering_type, paused_from, paused_to,
     in_touch_from, in_touch_to)
    where live = 1;
create index enquiry_now_for_board_beside on enquiry_now
    (live, stage_1_since, enquiry_id, officer_user_id, officer, fostering_type, paused_from, paused_to, in_touch_from,
     in_touch_to)
    where live = 1 and stage_1_since is not null;
create index enquiry_now_approved on enquiry_now
    (day_on, enquiry_id, live, stage, stage_1_outcome_on, officer, officer_user_id, source, hub, fostering_type,
     approved_on, paused_from, paused_to, in_touch_from, in_touch_to)
    where approved_on is not null;
create index enquiry_now_by_stage on enquiry_now (stage);
create index enquiry_now_not_yet_rung on enquiry_now
    (day_on, enquiry_id, officer_user_id, officer, paused_from, paused_to, in_touch_from, in_touch_to)
    where live = 1 and stage = 'new' and hub is not null;
create index enquiry_now_contact_again on enquiry_now
    (contact_again_on, enquiry_id, officer_user_id, officer, in_touch_from, in_touch_to, paused_from, paused_to)
    where live = 1 and contact_again_on is not null;
create index enquiry_now_live_by_officer on enquiry_now (officer_user_id)
    where live = 1 and officer_user_id is not null;

create table limit_now_new (
    enquiry_id integer not null references enquiry (id),
    clock text not null check (
        clock = 'first_contact' or clock = 'initial_visit' or clock = 'assessor_allocated'
        or clock = 'stage_1_outcome' or clock = 'observations' or clock = 'panel_recommendation'
        or clock = 'papers_to_panel' or clock = 'decision' or clock = 'decision_told' or clock = 'decision_written'
        or clock = 'representations_or_irm' or clock = 'papers_to_irm' or clock = 'records_to_another_service'
        or clock = 'temporary_approval' or clock = 'first_review' or clock = 'later_reviews'
        or clock = 'unannounced_visit' or clock = 'resignation' or clock = 'training_support_and_development'),
    start_on text not null,
    course text not null check (
        course = 'open' or course = 'met' or course = 'missed' or course = 'ended' or course = 'not_recorded'),
    -- The day on which the limit is reached, the day from which it is due soon, and the first that is a day over. Null
    -- while nobody knows: a pause without an end puts it forward, or papers wait for a meeting.
    due_on text,
    soon_on text,
    overdue_on text,
    end_on text,
    days_taken integer,
    days_over integer,
    -- Days left while a pause without an end stops the count.
    days_left integer,
    -- Open, but once it is a day over the end counts as not recorded instead of overdue.
    lapses integer not null default 0 check (lapses in (0, 1)),
    -- Whose it is, of what is open: so that one person's are found at once.
    officer_user_id integer references user (id),
    unassigned integer not null default 0 check (unassigned in (0, 1)),
    primary key (enquiry_id, clock),
    check ((course = 'met' or course = 'missed') = (days_taken is not null)),
    check ((course = 'missed') = (days_over is not null)),
    check ((due_on is null) = (soon_on is null))
) strict, without rowid;

insert into limit_now_new
select *
from limit_now;

drop table limit_now;
alter table limit_now_new rename to limit_now;

create index limit_now_by_due on limit_now (due_on, enquiry_id, clock, soon_on, overdue_on, lapses, unassigned)
    where course = 'open' and due_on is not null;
create index limit_now_by_officer on limit_now
    (officer_user_id, due_on, enquiry_id, clock, soon_on, overdue_on, lapses)
    where course = 'open' and due_on is not null and officer_user_id is not null;
create index limit_now_by_start on limit_now
    (start_on, clock, enquiry_id, course, days_taken, due_on, soon_on, overdue_on, lapses);
