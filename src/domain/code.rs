//! Enums whose values have a code (in files, JSON and the database; never changes) and a label (on screen,
//! in the service's words).

/// What was looked up is not one of the codes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not one of the codes")]
pub struct UnknownCode(pub String);

/// `coded! { /// doc \n pub enum Name { Variant = "code", "Label"; … } }`
#[macro_export]
macro_rules! coded {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal, $label:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// In the order in which they are declared.
            #[allow(dead_code, reason = "not every list of codes is walked")]
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// In the service's words.
            pub fn label(self) -> &'static str {
                $crate::domain::glossary::said(self.standard_label())
            }

            /// The service's own word, where it has one.
            #[allow(dead_code, reason = "few sentences are other than their labels")]
            pub fn own_label(self) -> Option<&'static str> {
                $crate::domain::glossary::own(self.standard_label())
            }

            /// Whatever the service's word for it.
            pub fn standard_label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::code::UnknownCode;

            fn from_str(code: &str) -> Result<Self, Self::Err> {
                match code {
                    $($code => Ok(Self::$variant),)+
                    other => Err($crate::domain::code::UnknownCode(other.to_owned())),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                code.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
