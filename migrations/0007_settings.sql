-- What a service sets for itself. One row a setting.

create table setting (
    name text primary key check (name in ('service_name', 'small_number')),
    value text not null
) strict, without rowid;

insert into setting (name, value) values ('service_name', 'Fostering service'), ('small_number', '10');
