-- A record asks from both sides of a likeness.
create index likeness_by_other on likeness (other_id);

-- Of what has ended few are approved: the list of those walks only them.
create index enquiry_now_approved on enquiry_now
    (day_on, enquiry_id, live, stage, stage_1_outcome_on, officer, officer_user_id, source, hub, fostering_type,
     approved_on, paused_from, paused_to, in_touch_from, in_touch_to)
    where approved_on is not null;

-- Of a stage that few are in, each is read sooner than it is looked for among all that have ended.
create index enquiry_now_by_stage on enquiry_now (stage);
