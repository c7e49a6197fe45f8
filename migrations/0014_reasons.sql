-- A service adds reasons of its own, words them anew and takes them out of use. What was closed with one keeps it: codes,
-- who ended it and when it applies never change.

alter table close_reason add column in_use integer not null default 1 check (in_use in (0, 1));
