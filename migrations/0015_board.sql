-- The board: since when an enquiry has been in its stage, and an index that is a column in its order.

-- The day of the first milestone of the stage, or the day received or last reopened, whichever is latest.
alter table enquiry_now add column stage_since text not null default '';
-- While Stage 1 runs beside Stage 2: since when Stage 1 has run.
alter table enquiry_now add column stage_1_since text;

create table stage_of (
    kind text not null,
    stage text not null
) strict;

insert into stage_of (kind, stage) values
    ('enquired', 'new'),
    ('enquiry_received', 'new'),
    ('first_contact', 'in_contact'),
    ('information_session', 'in_contact'),
    ('initial_visit', 'visited'),
    ('invited_to_apply', 'visited'),
    ('application_received', 'application'),
    ('assessment_started', 'stage_1'),
    ('stage_1_information_complete', 'stage_1'),
    ('stage_1_outcome_notified', 'stage_1'),
    ('stage_2_started', 'stage_2'),
    ('report_completed', 'stage_2'),
    ('report_shared_with_applicants', 'stage_2'),
    ('applicants_observations', 'stage_2'),
    ('papers_sent_to_panel', 'stage_2'),
    ('panel_recommendation', 'panel'),
    ('panel_minutes_final', 'decision'),
    ('decision_made', 'decision'),
    ('decision_told', 'decision'),
    ('decision_written', 'decision'),
    ('representations_received', 'decision'),
    ('irm_applied', 'decision'),
    ('irm_recommendation', 'decision'),
    ('approved', 'approved');

-- What was there before these columns were.
update enquiry_now
set stage_since = max(
    day_on,
    coalesce(
        (select min(happened_on)
            from milestone
            join stage_of on stage_of.kind = milestone.kind
            where milestone.enquiry_id = enquiry_now.enquiry_id
                and superseded_at is null
                and stage_of.stage = enquiry_now.stage),
        day_on),
    coalesce(
        (select max(happened_on)
            from milestone
            where milestone.enquiry_id = enquiry_now.enquiry_id and superseded_at is null and kind = 'reopened'),
        day_on));

update enquiry_now
set stage_1_since = max(
    day_on,
    min(coalesce(assessment_started_on, stage_1_information_complete_on, stage_since),
        coalesce(stage_1_information_complete_on, assessment_started_on, stage_since)),
    coalesce(
        (select max(happened_on)
            from milestone
            where milestone.enquiry_id = enquiry_now.enquiry_id and superseded_at is null and kind = 'reopened'),
        day_on))
where stage = 'stage_2' and stage_1_outcome_on is null;

drop table stage_of;

-- A column of the board: counted, its median found and its cards picked from the index alone. Only what is live.
create index enquiry_now_for_board on enquiry_now
    (live, stage, stage_since, enquiry_id, officer_user_id, officer, fostering_type, paused_from, paused_to,
     in_touch_from, in_touch_to)
    where live = 1;

-- Those that stand in the column of Stage 1 as well.
create index enquiry_now_for_board_beside on enquiry_now
    (live, stage_1_since, enquiry_id, officer_user_id, officer, fostering_type, paused_from, paused_to, in_touch_from,
     in_touch_to)
    where live = 1 and stage_1_since is not null;
