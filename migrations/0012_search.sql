-- What households are found by: one line of terms for each (`domain::search::terms`), under the household's number.
-- Only the index is kept, not the text, as everything in it stands in other tables; no places within the line either.
-- Terms are already folded, so that everything but spaces is part of one. What was there before this table was is
-- brought in when the program starts.

create virtual table household_words using fts5(
    words,
    content = '',
    contentless_delete = 1,
    detail = none,
    tokenize = 'ascii'
);

-- Reads that index term by term: how `hearth doctor` proves that it agrees with the tables.
create virtual table household_words_held using fts5vocab(household_words, 'instance');

-- Somebody who may see their own only is looked after from these.
create index enquiry_now_by_officer_user on enquiry_now (officer_user_id, enquiry_id) where officer_user_id is not null;
