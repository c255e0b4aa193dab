/**
 * The tables of the store. Only one process at a time uses the database, so at its start all leases belong to dead
 * processes and are ended.
 *
 * Values are text, not jsonb, which does not accept NUL. `entered` orders the members of a list. Unlogged tables would
 * be faster, but empty after a crash.
 */
export const embeddedSchema = `
create schema if not exists imagepull;
create sequence if not exists imagepull.entered;
create table if not exists imagepull.record (
  kind text not null, id text not null, value text not null, revision bigint not null,
  list text, entered bigint, expires_at bigint not null,
  primary key (kind, id)
);
create index if not exists record_list on imagepull.record (kind, list, entered) where list is not null;
create index if not exists record_expires_at on imagepull.record (expires_at);
create table if not exists imagepull.claim (key text primary key, expires_at bigint not null);
create table if not exists imagepull.lease (name text primary key, token bigint not null, expires_at bigint not null);
create table if not exists imagepull.pace (key text primary key, expires_at bigint not null);
alter table imagepull.pace add column if not exists written_at bigint not null default 0;
update imagepull.lease set expires_at = 0;
`

/** If the clock was set back after a slot was reserved, the slot moves back by the same time. $1 is the time. */
const nextSlot = 'pace.expires_at - greatest(pace.written_at - $1::bigint, 0)'

/** Each statement is one atomic step. $1 is the time in milliseconds, if it is needed. */
export const embeddedSql = {
  // $2 kind, $3 ids
  read: `select id, value, revision from imagepull.record where kind = $2 and id = any($3::text[]) and expires_at > $1::bigint`,

  // $2 kind, $3 id, $4 value, $5 list, $6 expiry. An expired record is none, and its row a free place.
  create: `
insert into imagepull.record as record (kind, id, value, revision, list, entered, expires_at)
values ($2, $3, $4, 1, $5, case when $5::text is null then null else nextval('imagepull.entered') end, $6)
on conflict (kind, id) do update
set value = excluded.value, revision = 1, list = excluded.list, entered = excluded.entered, expires_at = excluded.expires_at
where record.expires_at <= $1::bigint
returning revision`,

  // As above; $7 is the revision that was read.
  change: `
update imagepull.record
set value = $4, revision = revision + 1, list = $5, expires_at = $6, entered = case
  when $5::text is null then null when list = $5 then entered else nextval('imagepull.entered') end
where kind = $2 and id = $3 and revision = $7 and expires_at > $1::bigint
returning revision`,

  // $1 kind, $2 id: without the time
  remove: `delete from imagepull.record where kind = $1 and id = $2`,

  // $2 kind, $3 list, $4 limit, $5 the place after which it begins
  list: `
select id, value, revision, entered as place from imagepull.record
where kind = $2 and list = $3 and expires_at > $1::bigint and entered > $5::bigint order by entered limit $4`,

  // $2 kind, $3 list
  count: `select count(*) as number from imagepull.record where kind = $2 and list = $3 and expires_at > $1::bigint`,

  // $2 key, $3 expiry
  claim: `
insert into imagepull.claim as claim (key, expires_at) values ($2, $3)
on conflict (key) do update set expires_at = excluded.expires_at where claim.expires_at <= $1::bigint
returning 1 as number`,

  // $2 name, $3 expiry. The token is at least the time, as in Redis: the row may have been swept.
  lease: `
insert into imagepull.lease as lease (name, token, expires_at) values ($2, $1::bigint * 1000, $3)
on conflict (name) do update set token = greatest(lease.token + 1, excluded.token), expires_at = excluded.expires_at
where lease.expires_at <= $1::bigint
returning token as number`,

  // $2 name, $3 token, $4 expiry
  renew: `
update imagepull.lease set expires_at = $4 where name = $2 and token = $3 and expires_at > $1::bigint
returning token as number`,

  // $2 name, $3 token
  release: `update imagepull.lease set expires_at = $1::bigint where name = $2 and token = $3`,

  // $2 key, $3 interval. The slot given is the one before the next.
  pace: `
insert into imagepull.pace as pace (key, expires_at, written_at) values ($2, $1::bigint + $3::bigint, $1::bigint)
on conflict (key) do update
set expires_at = greatest(${nextSlot}, $1::bigint) + $3::bigint, written_at = excluded.written_at
returning expires_at - $3::bigint - $1::bigint as number`,

  // $2 key, $3 milliseconds
  hold: `
insert into imagepull.pace as pace (key, expires_at, written_at) values ($2, $1::bigint + $3::bigint, $1::bigint)
on conflict (key) do update
set expires_at = greatest(${nextSlot}, $1::bigint + $3::bigint), written_at = excluded.written_at`,

  // $2 rows at most
  sweep: `
with gone as (select kind, id from imagepull.record where expires_at <= $1::bigint limit $2),
  records as (delete from imagepull.record using gone where record.kind = gone.kind and record.id = gone.id),
  claims as (delete from imagepull.claim where expires_at <= $1::bigint),
  leases as (delete from imagepull.lease where expires_at <= $1::bigint)
delete from imagepull.pace where expires_at <= $1::bigint`,
} as const
