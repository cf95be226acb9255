//! Colours, each with one meaning. Those that share a chart stay apart for colour-blind readers, and shapes or dashes say
//! the same.

use super::{Color, Role};

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// Dark ink on white.
    #[default]
    Light,
    /// Light ink on near-black.
    Dark,
}

impl Theme {
    pub(super) fn paper(self) -> Color {
        self.pick(0xffffff, 0x14171c)
    }

    pub(super) fn ink(self) -> Color {
        self.pick(0x1b1f24, 0xe9ebee)
    }

    /// Tick labels and notes.
    pub(super) fn muted(self) -> Color {
        self.pick(0x565e68, 0xa7afba)
    }

    pub(super) fn grid(self) -> Color {
        self.pick(0xdfe1e4, 0x323842)
    }

    /// The line at zero, and what is counted.
    pub(super) fn zero(self) -> Color {
        self.pick(0x8d949d, 0x737c88)
    }

    pub(super) fn series(self, role: Role) -> Color {
        match role {
            Role::Compared => self.pick(0x24429c, 0x8ea1ff),
            Role::Reference => self.pick(0x6b7280, 0x9aa3ae),
            Role::First => self.pick(0xa93a0e, 0xf0743c),
            Role::Second => self.pick(0xb98900, 0xeccb66),
            Role::Third => self.pick(0x0b87b5, 0x74d3f0),
            Role::Chosen => self.pick(0xa3247d, 0xf296dc),
            Role::Below | Role::Above => self.muted(),
            Role::Actual | Role::Together => self.ink(),
            Role::Rest | Role::Undecided => self.zero(),
        }
    }

    /// The colour of a series' name: its own where words can be read in it.
    pub(super) fn name(self, role: Role) -> Color {
        match role {
            Role::Compared | Role::Reference | Role::Chosen => self.series(role),
            _ => self.ink(),
        }
    }

    fn pick(self, light: u32, dark: u32) -> Color {
        let [_, r, g, b] = match self {
            Theme::Light => light,
            Theme::Dark => dark,
        }
        .to_be_bytes();
        Color {
            rgb: [r, g, b],
            opacity: 1.0,
        }
    }
}
