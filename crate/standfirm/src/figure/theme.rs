//! Colours. Okabe and Ito's palette, adapted to light and to dark paper, told apart by colour-blind readers.

use plotters::style::RGBAColor;

use super::Role;

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
    pub(super) fn paper(self) -> RGBAColor {
        self.pick(0xffffff, 0x14171c)
    }

    pub(super) fn ink(self) -> RGBAColor {
        self.pick(0x1c2024, 0xe9ebee)
    }

    /// Tick labels and notes.
    pub(super) fn muted(self) -> RGBAColor {
        self.pick(0x5b636d, 0xa3abb6)
    }

    pub(super) fn grid(self) -> RGBAColor {
        self.pick(0xe4e7eb, 0x2b3038)
    }

    /// The line at zero.
    pub(super) fn zero(self) -> RGBAColor {
        self.pick(0x7c858f, 0x7d8792)
    }

    pub(super) fn series(self, role: Role) -> RGBAColor {
        match role {
            Role::HighDependence | Role::Personalist | Role::Below => self.pick(0xb8430c, 0xff8f52),
            Role::NoDependence | Role::Democracy | Role::Above => self.pick(0x3f6a99, 0x8fb4de),
            Role::Nonpersonalist => self.pick(0x8a6a00, 0xe0b93a),
            Role::AsItWas | Role::Study | Role::Whole => self.ink(),
            Role::Unknown | Role::Untold => self.pick(0xb4bac2, 0x565e69),
        }
    }

    /// `color` over `under`, as opaque as `share`; itself opaque, so that what is drawn beside it may overlap.
    pub(super) fn over(color: RGBAColor, under: RGBAColor, share: f64) -> RGBAColor {
        let mix = |a: u8, b: u8| (f64::from(a) * share + f64::from(b) * (1.0 - share)).round() as u8;
        RGBAColor(
            mix(color.0, under.0),
            mix(color.1, under.1),
            mix(color.2, under.2),
            1.0,
        )
    }

    fn pick(self, light: u32, dark: u32) -> RGBAColor {
        let [_, r, g, b] = match self {
            Theme::Light => light,
            Theme::Dark => dark,
        }
        .to_be_bytes();
        RGBAColor(r, g, b, 1.0)
    }
}
