-- Who waits for their first call, and whose day to be contacted again has come: found on Today without a look at each
-- enquiry, for everything that is asked of them stands beside them.
drop index enquiry_now_not_yet_rung;
create index enquiry_now_not_yet_rung on enquiry_now
    (day_on, enquiry_id, officer_user_id, officer, paused_from, paused_to, in_touch_from, in_touch_to)
    where live = 1 and stage = 'new' and hub is not null;

drop index enquiry_now_contact_again;
create index enquiry_now_contact_again on enquiry_now
    (contact_again_on, enquiry_id, officer_user_id, officer, in_touch_from, in_touch_to, paused_from, paused_to)
    where live = 1 and contact_again_on is not null;

-- Whether somebody still has open enquiries.
create index enquiry_now_live_by_officer on enquiry_now (officer_user_id)
    where live = 1 and officer_user_id is not null;
