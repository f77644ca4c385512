-- The message with which the customer last opted out or in again. A turn that holds it is answered with what is stored,
-- so that what is said and what is stored are the same.
alter table contacts add column opted_by uuid;
