//! Domain types as SQL types: days are ISO text, instants are milliseconds, codes are text.

use std::str::FromStr;

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::sqlite::{Sqlite, SqliteArgumentsBuffer, SqliteTypeInfo, SqliteValueRef};
use sqlx::{Decode, Encode, Type};

use crate::domain::appointment::AppointmentState;
use crate::domain::day::Day;
use crate::domain::fostering::{FosteringType, Side};
use crate::domain::funnel::Outcome;
use crate::domain::household::{Answer, KeyKind};
use crate::domain::ids::{
    AppointmentId, EnquiryId, EntryId, HouseholdId, ImportId, ListedSourceId, MappingId, MemberId, MergeId, NoteId,
    RootId, SavedViewId, SeparationId, SpecialDayId, TaskId, TaskRuleId, TimeLimitId, UploadId, UserId,
};
use crate::domain::instant::Instant;
use crate::domain::invitation::InvitationPurpose;
use crate::domain::ledger::AttributeName;
use crate::domain::milestone::{MilestoneKind, MilestoneResult};
use crate::domain::note::NoteKind;
use crate::domain::pause::PauseReason;
use crate::domain::reason::{Applies, EndedBy, ReasonCode};
use crate::domain::role::Role;
use crate::domain::source::List;
use crate::domain::stage::Stage;
use crate::domain::task::{TaskOrigin, TaskState};
use crate::domain::task_rule::RuleUnit;
use crate::domain::time_limit::{Clock, CourseName, StateName, Unit};
use crate::domain::time_of_day::TimeOfDay;
use crate::domain::upload::UploadState;
use crate::domain::working_days::Origin;

/// Stored as text: `$text` makes it, `$parse` reads it.
macro_rules! stored_as_text {
    ($name:ty, $text:expr, $parse:expr) => {
        impl Type<Sqlite> for $name {
            fn type_info() -> SqliteTypeInfo {
                <str as Type<Sqlite>>::type_info()
            }

            fn compatible(info: &SqliteTypeInfo) -> bool {
                <str as Type<Sqlite>>::compatible(info)
            }
        }

        impl Encode<'_, Sqlite> for $name {
            fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
                let text: fn(&$name) -> String = $text;
                <String as Encode<Sqlite>>::encode(text(self), buffer)
            }
        }

        impl<'r> Decode<'r, Sqlite> for $name {
            fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
                let parse: fn(&str) -> Result<$name, BoxDynError> = $parse;
                parse(<&str as Decode<Sqlite>>::decode(value)?)
            }
        }
    };
}

macro_rules! stored_as_integer {
    ($name:ty, $number:expr, $make:expr) => {
        impl Type<Sqlite> for $name {
            fn type_info() -> SqliteTypeInfo {
                <i64 as Type<Sqlite>>::type_info()
            }

            fn compatible(info: &SqliteTypeInfo) -> bool {
                <i64 as Type<Sqlite>>::compatible(info)
            }
        }

        impl Encode<'_, Sqlite> for $name {
            fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
                let number: fn(&$name) -> i64 = $number;
                <i64 as Encode<Sqlite>>::encode(number(self), buffer)
            }
        }

        impl<'r> Decode<'r, Sqlite> for $name {
            fn decode(value: SqliteValueRef<'r>) -> Result<Self, BoxDynError> {
                let make: fn(i64) -> $name = $make;
                Ok(make(<i64 as Decode<Sqlite>>::decode(value)?))
            }
        }
    };
}

macro_rules! codes {
    ($($name:ty)+) => {$(
        stored_as_text!($name, |it| it.code().to_owned(), |code| Ok(<$name>::from_str(code)?));
    )+};
}

macro_rules! ids {
    ($($name:ident)+) => {$(stored_as_integer!($name, |id| id.0, $name);)+};
}

codes! { Outcome MilestoneKind MilestoneResult AttributeName PauseReason EndedBy Applies FosteringType Side Stage Role Answer KeyKind
InvitationPurpose NoteKind Clock CourseName StateName Unit Origin }
codes! { TaskState TaskOrigin RuleUnit AppointmentState UploadState List }
ids! { UserId MergeId HouseholdId MemberId EnquiryId ImportId NoteId EntryId RootId TimeLimitId SpecialDayId TaskId TaskRuleId
AppointmentId UploadId MappingId SavedViewId ListedSourceId SeparationId }
stored_as_text!(Day, |day| day.to_string(), |text| Ok(text.parse()?));
stored_as_text!(TimeOfDay, |time| time.to_string(), |text| Ok(text.parse()?));
stored_as_text!(ReasonCode, |code| code.0.clone(), |text| Ok(ReasonCode(text.to_owned())));
stored_as_integer!(Instant, |instant| instant.as_millisecond(), Instant::from_millisecond);

/// Many rows as one argument: one statement writes them all. `json_each(?)` for plain values; `jsonb_each(?)` for
/// objects, which `json_each` would write out as text again for every column that is taken from them.
pub struct Json<'a, T>(pub &'a [T]);

impl<T: serde::Serialize> Type<Sqlite> for Json<'_, T> {
    fn type_info() -> SqliteTypeInfo {
        <str as Type<Sqlite>>::type_info()
    }
}

impl<T: serde::Serialize> Encode<'_, Sqlite> for Json<'_, T> {
    fn encode_by_ref(&self, buffer: &mut SqliteArgumentsBuffer) -> Result<IsNull, BoxDynError> {
        <String as Encode<Sqlite>>::encode(serde_json::to_string(self.0)?, buffer)
    }
}
