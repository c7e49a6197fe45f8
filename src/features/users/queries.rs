//! Every SQL statement about people, their passwords and one-time links.

use sqlx::{SqliteConnection, SqliteExecutor};

use crate::domain::ids::UserId;
use crate::domain::instant::Instant;
use crate::domain::invitation::InvitationPurpose;
use crate::domain::person::Person;
use crate::domain::role::Role;

/// Somebody who may sign in; never a program.
#[derive(Debug, Clone)]
pub struct PersonRow {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub hub: Option<String>,
    pub active: bool,
    pub has_password: bool,
    /// Grows with each change: what an edit began from.
    pub version: i64,
    /// Codes, separated by commas.
    pub roles: Option<String>,
    /// Until when a one-time link of theirs can be used.
    pub link_until: Option<Instant>,
}

impl PersonRow {
    pub fn roles(&self) -> Vec<Role> {
        let held: Vec<&str> = self.roles.as_deref().unwrap_or_default().split(',').collect();
        Role::ALL.iter().copied().filter(|role| held.contains(&role.code())).collect()
    }

    pub fn person(&self) -> Person {
        Person { name: self.name.clone(), email: self.email.clone(), roles: self.roles(), hub: self.hub.clone() }
    }
}

/// People as they stand at ?1; `$rest` says which, or in which order.
macro_rules! people {
    ($rest:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            PersonRow,
            r#"select user.id as "id!: UserId",
                user.name as "name!",
                user.email as "email!",
                user.hub as "hub?",
                user.active as "active!: bool",
                user.password_hash is not null as "has_password!: bool",
                user.version as "version!",
                (select group_concat(role) from user_role where user_id = user.id) as "roles?: String",
                (select max(expires_at) from invitation
                where invitation.user_id = user.id and used_at is null and expires_at > ?1) as "link_until?: Instant"
            from user
            where user.program = 0
            "# + $rest,
            $($argument),+
        )
    };
}

/// By name; a service has tens of people, a large one a few hundred, and they are looked at together.
pub async fn list_people(db: impl SqliteExecutor<'_>, now: Instant) -> sqlx::Result<Vec<PersonRow>> {
    people!("order by user.active desc, user.name collate nocase, user.id", now).fetch_all(db).await
}

pub async fn find_person(db: impl SqliteExecutor<'_>, id: UserId, now: Instant) -> sqlx::Result<Option<PersonRow>> {
    people!("and user.id = ?2", now, id).fetch_optional(db).await
}

pub async fn find_id_by_email(db: impl SqliteExecutor<'_>, email: &str) -> sqlx::Result<Option<UserId>> {
    sqlx::query_scalar!(r#"select id as "id!: UserId" from user where email = ?1"#, email).fetch_optional(db).await
}

pub async fn insert_person(write: &mut SqliteConnection, person: &Person, now: Instant) -> sqlx::Result<UserId> {
    let id = sqlx::query_scalar!(
        r#"insert into user (name, email, hub, created_at)
           values (?1, ?2, ?3, ?4)
           returning id as "id!: UserId""#,
        person.name,
        person.email,
        person.hub,
        now,
    )
    .fetch_one(&mut *write)
    .await?;
    insert_roles(write, id, &person.roles).await?;
    Ok(id)
}

pub async fn update_person(write: &mut SqliteConnection, id: UserId, person: &Person) -> sqlx::Result<()> {
    sqlx::query!(
        "update user set name = ?2, email = ?3, hub = ?4, version = version + 1 where id = ?1",
        id,
        person.name,
        person.email,
        person.hub,
    )
    .execute(&mut *write)
    .await?;
    sqlx::query!("delete from user_role where user_id = ?1", id).execute(&mut *write).await?;
    insert_roles(write, id, &person.roles).await
}

async fn insert_roles(write: &mut SqliteConnection, id: UserId, roles: &[Role]) -> sqlx::Result<()> {
    for role in roles {
        sqlx::query!("insert into user_role (user_id, role) values (?1, ?2)", id, role).execute(&mut *write).await?;
    }
    Ok(())
}

pub async fn update_active(write: &mut SqliteConnection, id: UserId, active: bool) -> sqlx::Result<()> {
    sqlx::query!("update user set active = ?2, version = version + 1 where id = ?1", id, active)
        .execute(write)
        .await
        .map(drop)
}

/// Administrators who could sign in, without the one given.
pub async fn count_administrators(db: impl SqliteExecutor<'_>, without: Option<UserId>) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "select count(*)
         from user
         join user_role on user_role.user_id = user.id
         where user_role.role = 'admin'
             and user.active = 1
             and user.password_hash is not null
             and (?1 is null or user.id <> ?1)",
        without,
    )
    .fetch_one(db)
    .await
}

pub struct Credentials {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub password_hash: Option<String>,
}

/// Of somebody active.
pub async fn find_credentials(db: impl SqliteExecutor<'_>, email: &str) -> sqlx::Result<Option<Credentials>> {
    sqlx::query_as!(
        Credentials,
        r#"select id as "id!: UserId", name as "name!", email as "email!", password_hash as "password_hash?"
           from user
           where email = ?1
               and program = 0
               and active = 1"#,
        email,
    )
    .fetch_optional(db)
    .await
}

pub async fn find_own_credentials(db: impl SqliteExecutor<'_>, id: UserId) -> sqlx::Result<Option<Credentials>> {
    sqlx::query_as!(
        Credentials,
        r#"select id as "id!: UserId", name as "name!", email as "email!", password_hash as "password_hash?"
           from user
           where id = ?1
               and program = 0
               and active = 1"#,
        id,
    )
    .fetch_optional(db)
    .await
}

pub async fn update_password(write: &mut SqliteConnection, id: UserId, hash: &str) -> sqlx::Result<()> {
    sqlx::query!("update user set password_hash = ?2 where id = ?1", id, hash).execute(write).await.map(drop)
}

pub async fn insert_invitation(
    write: &mut SqliteConnection,
    token_hash: &[u8],
    purpose: InvitationPurpose,
    user: Option<UserId>,
    now: Instant,
) -> sqlx::Result<()> {
    let expires_at = purpose.expires_at(now);
    sqlx::query!(
        "insert into invitation (token_hash, purpose, user_id, created_at, expires_at) values (?1, ?2, ?3, ?4, ?5)",
        token_hash,
        purpose,
        user,
        now,
        expires_at,
    )
    .execute(write)
    .await
    .map(drop)
}

/// A new link takes the place of those before it.
pub async fn delete_unused_invitations(write: &mut SqliteConnection, user: Option<UserId>) -> sqlx::Result<()> {
    sqlx::query!("delete from invitation where user_id is ?1 and used_at is null", user).execute(write).await.map(drop)
}

/// Of everybody.
pub async fn delete_every_unused_invitation(write: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query!("delete from invitation where used_at is null").execute(write).await.map(drop)
}

pub struct InvitationRow {
    pub purpose: InvitationPurpose,
    pub user_id: Option<UserId>,
    pub name: Option<String>,
    pub email: Option<String>,
}

/// One that can be used now: not expired, not used, for nobody yet or for somebody active.
pub async fn find_invitation(
    db: impl SqliteExecutor<'_>,
    token_hash: &[u8],
    now: Instant,
) -> sqlx::Result<Option<InvitationRow>> {
    sqlx::query_as!(
        InvitationRow,
        r#"select invitation.purpose as "purpose!: InvitationPurpose",
               invitation.user_id as "user_id?: UserId",
               user.name as "name?",
               user.email as "email?"
           from invitation
           left join user on user.id = invitation.user_id
           where invitation.token_hash = ?1
               and invitation.used_at is null
               and invitation.expires_at > ?2
               and coalesce(user.active, 1) = 1"#,
        token_hash,
        now,
    )
    .fetch_optional(db)
    .await
}

pub async fn update_invitation_used(write: &mut SqliteConnection, token_hash: &[u8], now: Instant) -> sqlx::Result<()> {
    sqlx::query!("update invitation set used_at = ?2 where token_hash = ?1", token_hash, now)
        .execute(write)
        .await
        .map(drop)
}

pub async fn find_known_browser(
    db: impl SqliteExecutor<'_>,
    token_hash: &[u8],
    user: UserId,
) -> sqlx::Result<Option<Instant>> {
    sqlx::query_scalar!(
        r#"select used_at as "used_at!: Instant" from known_browser where token_hash = ?1 and user_id = ?2"#,
        token_hash,
        user,
    )
    .fetch_optional(db)
    .await
}

pub async fn upsert_known_browser(
    write: &mut SqliteConnection,
    token_hash: &[u8],
    user: UserId,
    now: Instant,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into known_browser (token_hash, user_id, used_at)
         values (?1, ?2, ?3)
         on conflict do update set used_at = excluded.used_at",
        token_hash,
        user,
        now,
    )
    .execute(write)
    .await
    .map(drop)
}

pub async fn delete_old_known_browsers(write: &mut SqliteConnection, used_before: Instant) -> sqlx::Result<()> {
    sqlx::query!("delete from known_browser where used_at < ?1", used_before).execute(write).await.map(drop)
}

/// Live enquiries that are assigned to somebody.
pub async fn count_live_enquiries(db: impl SqliteExecutor<'_>, officer: UserId) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        "select count(*)
        from enquiry_now indexed by enquiry_now_live_by_officer
        where officer_user_id = ?1 and live = 1",
        officer,
    )
    .fetch_one(db)
    .await
}
