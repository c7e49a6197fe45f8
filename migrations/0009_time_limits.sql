-- Time limits: how long each clock may run, on which days the bank holidays' rule does not hold, and how every clock of
-- every enquiry stands.

-- How long a clock may run, from a day on. A change is another row; of one clock and day the row that is not superseded
-- holds. Rows are never changed or deleted but for the superseding, so that a report as known at an earlier instant
-- measures with what was known then.
create table time_limit (
    id integer primary key,
    clock text not null check (clock in
        ('first_contact', 'initial_visit', 'assessor_allocated', 'stage_1_outcome', 'observations',
         'panel_recommendation', 'papers_to_panel', 'decision', 'decision_told', 'decision_written',
         'representations_or_irm', 'papers_to_irm', 'records_to_another_service', 'temporary_approval', 'first_review',
         'later_reviews', 'unannounced_visit', 'resignation', 'training_support_and_development')),
    -- Clocks that start on this day or later have it, until the next one.
    effective_from text not null check (effective_from is date(effective_from)),
    amount integer not null check (amount between 1 and 1000),
    -- Of a temporary approval its extension; of the training standards the figure for family and friends.
    second_amount integer check (second_amount between 1 and 1000),
    unit text not null check (unit in ('working_days', 'calendar_days', 'weeks', 'months')),
    -- By a regulation or a standard: runs on while an enquiry is paused.
    statutory integer not null check (statutory in (0, 1)),
    in_use integer not null check (in_use in (0, 1)),
    source text not null check (trim(source) <> ''),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check ((superseded_at is null) = (superseded_by is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

create unique index time_limit_in_force on time_limit (clock, effective_from) where superseded_at is null;

insert into time_limit (clock, effective_from, amount, second_amount, unit, statutory, in_use, source, recorded_at,
    recorded_by)
values
    ('first_contact', '1990-01-01', 1, null, 'working_days', 0, 1, 'Local standard', 0, 1),
    ('initial_visit', '1990-01-01', 5, null, 'working_days', 0, 1, 'Local standard', 0, 1),
    ('assessor_allocated', '1990-01-01', 10, null, 'working_days', 0, 1, 'Local standard', 0, 1),
    ('stage_1_outcome', '1990-01-01', 10, null, 'working_days', 1, 1, 'Fostering Services (England) Regulations 2011, reg 26 (as amended 2013)', 0, 1),
    ('observations', '1990-01-01', 10, null, 'working_days', 1, 1, 'Fostering Services (England) Regulations 2011, reg 26', 0, 1),
    ('panel_recommendation', '1990-01-01', 8, null, 'months', 1, 1, 'National Minimum Standards 2011, 14.4', 0, 1),
    ('papers_to_panel', '1990-01-01', 5, null, 'working_days', 1, 1, 'National Minimum Standards 2011, 14', 0, 1),
    ('decision', '1990-01-01', 7, null, 'working_days', 1, 1, 'National Minimum Standards 2011, 14; Fostering Services (England) Regulations 2011, reg 27', 0, 1),
    ('decision_told', '1990-01-01', 2, null, 'working_days', 1, 1, 'National Minimum Standards 2011, 14', 0, 1),
    ('decision_written', '1990-01-01', 5, null, 'working_days', 1, 1, 'National Minimum Standards 2011, 14', 0, 1),
    ('representations_or_irm', '1990-01-01', 28, null, 'calendar_days', 1, 1, 'Fostering Services (England) Regulations 2011, reg 27', 0, 1),
    ('papers_to_irm', '1990-01-01', 10, null, 'working_days', 1, 1, 'Fostering Services (England) Regulations 2011, reg 29(2)', 0, 1),
    ('records_to_another_service', '1990-01-01', 15, null, 'working_days', 1, 1, 'Fostering Services (England) Regulations 2011, reg 32(6)', 0, 1),
    ('temporary_approval', '1990-01-01', 16, 8, 'weeks', 1, 1, 'Care Planning, Placement and Case Review (England) Regulations 2010, reg 24 and 25', 0, 1),
    ('first_review', '1990-01-01', 12, null, 'months', 1, 1, 'Fostering Services (England) Regulations 2011, reg 28', 0, 1),
    ('later_reviews', '1990-01-01', 12, null, 'months', 1, 1, 'Fostering Services (England) Regulations 2011, reg 28', 0, 1),
    ('unannounced_visit', '1990-01-01', 12, null, 'months', 1, 1, 'National Minimum Standards 2011, 21.8', 0, 1),
    ('resignation', '1990-01-01', 28, null, 'calendar_days', 1, 1, 'Fostering Services (England) Regulations 2011, reg 28(13)', 0, 1),
    ('training_support_and_development', '1990-01-01', 12, 18, 'months', 1, 1, 'National Minimum Standards 2011, 20', 0, 1);

-- Days on which the rule for bank holidays does not hold: one more holiday, or one that was moved away. Superseded, like
-- the limits, never deleted.
create table special_day (
    id integer primary key,
    on_day text not null check (on_day is date(on_day)),
    holiday integer not null check (holiday in (0, 1)),
    name text not null check (trim(name) <> ''),
    origin text not null check (origin in ('built_in', 'official_list', 'by_hand')),
    recorded_at integer not null,
    recorded_by integer not null references user (id),
    superseded_at integer,
    superseded_by integer references user (id),
    check ((superseded_at is null) = (superseded_by is null)),
    check (superseded_at is null or superseded_at >= recorded_at)
) strict;

create unique index special_day_in_force on special_day (on_day) where superseded_at is null;

insert into special_day (on_day, holiday, name, origin, recorded_at, recorded_by) values
    ('1995-05-01', 0, 'Early May bank holiday was moved', 'built_in', 0, 1),
    ('1995-05-08', 1, 'Early May bank holiday (VE day)', 'built_in', 0, 1),
    ('1999-12-31', 1, 'Millennium', 'built_in', 0, 1),
    ('2002-05-27', 0, 'Spring bank holiday was moved', 'built_in', 0, 1),
    ('2002-06-03', 1, 'Golden Jubilee', 'built_in', 0, 1),
    ('2002-06-04', 1, 'Spring bank holiday', 'built_in', 0, 1),
    ('2011-04-29', 1, 'Royal wedding', 'built_in', 0, 1),
    ('2012-05-28', 0, 'Spring bank holiday was moved', 'built_in', 0, 1),
    ('2012-06-04', 1, 'Spring bank holiday', 'built_in', 0, 1),
    ('2012-06-05', 1, 'Diamond Jubilee', 'built_in', 0, 1),
    ('2020-05-04', 0, 'Early May bank holiday was moved', 'built_in', 0, 1),
    ('2020-05-08', 1, 'Early May bank holiday (VE day)', 'built_in', 0, 1),
    ('2022-05-30', 0, 'Spring bank holiday was moved', 'built_in', 0, 1),
    ('2022-06-02', 1, 'Spring bank holiday', 'built_in', 0, 1),
    ('2022-06-03', 1, 'Platinum Jubilee', 'built_in', 0, 1),
    ('2022-09-19', 1, 'State funeral of Queen Elizabeth II', 'built_in', 0, 1),
    ('2023-05-08', 1, 'Coronation of King Charles III', 'built_in', 0, 1);

-- The clocks of every enquiry, one row for each that has started, as far as they are the same on every day: how many
-- days are left follows from the day on which somebody looks. Written in the transaction that writes a ledger, made
-- anew after a limit or a special day has changed; `hearth doctor` proves that it agrees with the ledgers.
create table limit_now (
    enquiry_id integer not null references enquiry (id),
    clock text not null check (clock in
        ('first_contact', 'initial_visit', 'assessor_allocated', 'stage_1_outcome', 'observations',
         'panel_recommendation', 'papers_to_panel', 'decision', 'decision_told', 'decision_written',
         'representations_or_irm', 'papers_to_irm', 'records_to_another_service', 'temporary_approval', 'first_review',
         'later_reviews', 'unannounced_visit', 'resignation', 'training_support_and_development')),
    start_on text not null,
    course text not null check (course in ('open', 'met', 'missed', 'ended', 'not_recorded')),
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

-- Covering: what is overdue or due, of everybody and of those without an officer; and of one person.
create index limit_now_by_due on limit_now (due_on, enquiry_id, clock, soon_on, overdue_on, lapses, unassigned)
    where course = 'open' and due_on is not null;
create index limit_now_by_officer on limit_now
    (officer_user_id, due_on, enquiry_id, clock, soon_on, overdue_on, lapses)
    where course = 'open' and due_on is not null and officer_user_id is not null;

-- Covering: the clocks that started in a period.
create index limit_now_by_start on limit_now
    (start_on, clock, enquiry_id, course, days_taken, due_on, soon_on, overdue_on, lapses);

-- Set while every clock is made anew in the background, with how far it has come; gone when that is done.
create table limit_rebuild (
    id integer primary key check (id = 1),
    after_enquiry integer not null,
    done integer not null,
    total integer not null,
    started_at integer not null
) strict;

-- What was there before this table was.
insert into limit_rebuild (id, after_enquiry, done, total, started_at)
select 1, 0, 0, count(*), 0
from enquiry
having count(*) > 0;
