-- By name and by last event the list is walked along an index too, as it is by the day received.

create index enquiry_now_by_name on enquiry_now
    (live, sort_name, day_on, enquiry_id, stage, stage_1_outcome_on, officer, officer_user_id, source, hub,
     fostering_type, approved_on, paused_from, paused_to, in_touch_from, in_touch_to);

create index enquiry_now_by_last_event on enquiry_now
    (live, last_on, day_on, enquiry_id, stage, stage_1_outcome_on, officer, officer_user_id, source, hub,
     fostering_type, approved_on, paused_from, paused_to, in_touch_from, in_touch_to);
