-- What somebody has to do by a day, and visits that are planned. A changed task or appointment is a new version; the
-- old one stays, so that who moved what and when can be read.

-- An administrator's table: what a milestone asks for. A changed rule is a new version as well.
create table task_rule (
    id integer primary key,
    root_id integer not null,
    milestone text not null check (milestone in
        ('enquired', 'enquiry_received', 'first_contact', 'information_session', 'initial_visit', 'invited_to_apply',
         'application_received', 'assessment_started', 'stage_1_information_complete', 'stage_1_outcome_notified',
         'stage_2_started', 'preparation_training_completed', 'report_completed', 'report_shared_with_applicants',
         'applicants_observations', 'papers_sent_to_panel', 'panel_recommendation', 'panel_minutes_final',
         'decision_made', 'decision_told', 'decision_written', 'representations_received', 'irm_applied',
         'irm_recommendation', 'temporary_approval', 'temporary_approval_extended', 'approved', 'closed', 'reopened')),
    what text not null check (trim(what) <> ''),
    days integer not null check (days between 0 and 365),
    unit text not null check (unit in ('working_days', 'calendar_days')),
    -- Whose task it becomes; null: the enquiry's officer.
    role text check (role is null or role in
        ('officer', 'manager', 'social_worker', 'panel', 'decision_maker', 'board', 'hub', 'admin')),
    active integer not null check (active in (0, 1)),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check ((superseded_at is null) = (superseded_by is null))
) strict;

create index task_rule_by_root on task_rule (root_id, id);

insert into task_rule (id, root_id, milestone, what, days, unit, role, active, recorded_at, recorded_by) values
    (1, 1, 'first_contact', 'Internal records check before the first visit', 2, 'working_days', null, 1, 0, 1),
    (2, 2, 'information_session', 'Ring after the information session', 2, 'working_days', null, 1, 0, 1),
    (3, 3, 'initial_visit', 'Write up the initial visit', 2, 'working_days', null, 1, 0, 1),
    (4, 4, 'application_received', 'Allocate an assessing social worker', 10, 'working_days', 'manager', 1, 0, 1),
    (5, 5, 'assessment_started', 'Book places on the preparation training', 10, 'working_days', null, 1, 0, 1);

create table task (
    id integer primary key,
    root_id integer not null,
    -- Null: about no enquiry in particular.
    enquiry_id integer references enquiry (id),
    what text not null check (trim(what) <> ''),
    due_on text not null check (due_on is date(due_on)),
    -- Whose it is: one person's, or what anybody of a role may take; neither: nobody's yet.
    user_id integer references user (id),
    role text check (role is null or role in
        ('officer', 'manager', 'social_worker', 'panel', 'decision_maker', 'board', 'hub', 'admin')),
    -- It goes with the enquiry to whoever is its officer.
    with_officer integer not null check (with_officer in (0, 1)),
    origin text not null check (origin in ('person', 'rule', 'no_answer')),
    -- The rule that made it (its root), and the day that the rule gave. While it is still due on that day, a corrected
    -- milestone moves it.
    rule_id integer references task_rule (id),
    rule_due_on text check (rule_due_on is date(rule_due_on)),
    -- A person has done something with it since it was made.
    touched integer not null check (touched in (0, 1)),
    -- How often somebody tried to reach the family for it.
    attempts integer not null default 0 check (attempts >= 0),
    -- Resting: the enquiry is closed, and nobody is reminded unless it is opened again.
    state text not null check (state in ('open', 'resting', 'done', 'withdrawn')),
    done_on text check (done_on is date(done_on)),
    -- What came of it, or why it is not needed.
    outcome text not null default '',
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check (user_id is null or role is null),
    check ((rule_id is null) = (origin <> 'rule')),
    check ((rule_id is null) = (rule_due_on is null)),
    check ((state = 'done') = (done_on is not null)),
    check ((superseded_at is null) = (superseded_by is null))
) strict;

create index task_by_root on task (root_id, id);
create index task_by_enquiry on task (enquiry_id, root_id, id) where enquiry_id is not null;
-- A rule's task is made once for an enquiry.
create unique index task_by_rule on task (enquiry_id, rule_id) where rule_id is not null and superseded_at is null;
-- What is to do, by when; for everybody and for one.
create index task_to_do on task (due_on, id, user_id, role, enquiry_id) where superseded_at is null and state = 'open';
create index task_to_do_of on task (user_id, role, due_on, id, enquiry_id)
    where superseded_at is null and state = 'open';

-- An initial visit that is planned. Its day and time are London's, as a diary has them: the clocks may change between.
create table appointment (
    id integer primary key,
    root_id integer not null,
    enquiry_id integer not null references enquiry (id),
    happens_on text not null check (happens_on is date(happens_on)),
    starts_at text not null check (starts_at glob '[0-2][0-9]:[0-5][0-9]'),
    user_id integer not null references user (id),
    second_user_id integer references user (id),
    place text not null default '',
    -- For whoever goes alone: what to take care of, who is told, when they ring in.
    safety text not null default '',
    state text not null check (state in ('planned', 'kept', 'cancelled')),
    -- Why it was moved or cancelled.
    why text not null default '',
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check (second_user_id is null or second_user_id <> user_id),
    check ((superseded_at is null) = (superseded_by is null))
) strict;

create index appointment_by_root on appointment (root_id, id);
create index appointment_by_enquiry on appointment (enquiry_id, root_id, id);
create index appointment_planned on appointment (happens_on, starts_at, id, user_id, second_user_id, enquiry_id)
    where superseded_at is null and state = 'planned';

-- When the office answers the telephone: how long somebody has waited is counted in these hours. Bank holidays are out
-- of it by themselves. The latest version counts.
create table working_hours (
    id integer primary key,
    -- Monday first, 1 for a day that is worked.
    weekdays text not null check (weekdays glob '[01][01][01][01][01][01][01]'),
    opens_at text not null check (opens_at glob '[0-2][0-9]:[0-5][0-9]'),
    shuts_at text not null check (shuts_at glob '[0-2][0-9]:[0-5][0-9]' and shuts_at > opens_at),
    recorded_at integer not null,
    recorded_by integer not null references user (id)
) strict;

insert into working_hours (id, weekdays, opens_at, shuts_at, recorded_at, recorded_by) values
    (1, '1111100', '09:00', '17:00', 0, 1);

-- What Today asks for, each in its own order.
create index enquiry_now_not_yet_rung on enquiry_now (day_on, enquiry_id, officer_user_id)
    where live = 1 and stage = 'new' and hub is not null;
create index enquiry_now_contact_again on enquiry_now (contact_again_on, enquiry_id, officer_user_id)
    where live = 1 and contact_again_on is not null;
create index enquiry_now_unassigned on enquiry_now (day_on, enquiry_id) where live = 1 and officer is null;
