//! Colours. Okabe and Ito's palette, adapted to light and to dark paper, told apart by colour-blind readers.

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
        self.pick(0x1c2024, 0xe9ebee)
    }

    /// Tick labels and notes.
    pub(super) fn muted(self) -> Color {
        self.pick(0x5b636d, 0xa3abb6)
    }

    pub(super) fn grid(self) -> Color {
        self.pick(0xe4e7eb, 0x2b3038)
    }

    /// The line at zero.
    pub(super) fn zero(self) -> Color {
        self.pick(0x7c858f, 0x7d8792)
    }

    pub(super) fn series(self, role: Role) -> Color {
        match role {
            Role::Compared | Role::First | Role::Below => self.pick(0xb8430c, 0xff8f52),
            Role::Reference | Role::Third | Role::Above => self.pick(0x3f6a99, 0x8fb4de),
            Role::Second => self.pick(0x8a6a00, 0xe0b93a),
            Role::Actual | Role::Chosen | Role::Together => self.ink(),
            Role::Rest | Role::Undecided => self.pick(0xb4bac2, 0x565e69),
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
