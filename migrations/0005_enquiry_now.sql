-- The ledgers as they stand now, one row an enquiry, for lists, boards and fast reports. Written in the transaction
-- that writes a ledger; can be rebuilt from the ledgers; `hearth doctor` proves that both agree.
-- Of repeats the earliest date stands here, except `closed_on`, which is the latest closure not reopened since.

create table enquiry_now (
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
    ended_by text check (ended_by in ('applicant', 'service', 'transferred', 'duplicate')),
    stage text not null check (stage in
        ('new', 'in_contact', 'visited', 'application', 'stage_1', 'stage_2', 'panel', 'decision', 'approved')),
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
    check (received_on is not null or enquired_on is not null)
) strict;

create unique index enquiry_now_by_hub_key on enquiry_now (hub_key) where hub_key is not null;

-- The hub rings and says its own number.
create index enquiry_now_by_hub_reference on enquiry_now (hub_reference) where hub_reference is not null;

-- Covering: the list is picked from this alone, whatever is filtered, in the order received or sorted; the page's own
-- fifty rows are fetched by id afterwards. What is live comes first, being small and nearly always what is asked for.
create index enquiry_now_for_list on enquiry_now
    (live, day_on desc, enquiry_id desc, stage, stage_1_outcome_on, officer, officer_user_id, source, hub, fostering_type,
     approved_on, paused_from, paused_to, in_touch_from, in_touch_to, last_on, sort_name);

-- Narrow: what has been recorded so far, for menus and suggestions; and the way to what few enquiries have.
create index enquiry_now_by_officer on enquiry_now (officer) where officer is not null;
create index enquiry_now_by_source on enquiry_now (source) where source is not null;
create index enquiry_now_by_type on enquiry_now (fostering_type) where fostering_type is not null;
create index enquiry_now_by_campaign on enquiry_now (campaign) where campaign is not null;
create index enquiry_now_by_hub on enquiry_now (hub) where hub is not null;

-- Covering: one year's funnel, whatever it is split by, reads only this.
create index enquiry_now_for_funnel on enquiry_now
    (day_on, ended_by, reopened, first_contact_on, initial_visit_on, application_received_on, stage_2_started_on,
     panel_on, approved_on, closed_on, fostering_type, paused_from, in_touch_from, source, campaign, hub, officer,
     officer_from);
