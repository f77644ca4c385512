-- Why something was done, where its doer had to say: a company that was taken while the doctor said no.
alter table account_events add column note text not null default '';
