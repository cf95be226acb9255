//! Types whose values are the options of a choice.

use serde::Serialize;

/// One value that a choice can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
pub struct Picked {
    /// Its name, for arguments and addresses.
    pub key: &'static str,
    /// Words for it.
    pub label: &'static str,
    /// What it means; may be empty.
    pub help: &'static str,
    /// What it belongs to, where values come in groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "types", ts(optional))]
    pub group: Option<&'static str>,
}

/// A type whose values are the options of a choice.
pub trait Options: Copy + PartialEq + 'static {
    /// Every value, the study's first.
    const ALL: &'static [Self];

    /// The value with its words.
    fn picked(self) -> Picked;
}

/// An enumeration of options: `Variant = key, label, help;`.
macro_rules! options {
    ($(#[$about:meta])* $name:ident {
        $($(#[$of:meta])* $variant:ident = $key:literal, $label:literal, $help:literal;)+
    }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name {
            $($(#[$of])* $variant),+
        }

        impl $crate::specification::options::Options for $name {
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn picked(self) -> $crate::specification::options::Picked {
                let (key, label, help) = match self {
                    $(Self::$variant => ($key, $label, $help)),+
                };
                $crate::specification::options::Picked { key, label, help, group: None }
            }
        }
    };
}
pub(crate) use options;
