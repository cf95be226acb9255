//! Source tables joined into episodes.

use std::path::Path;

use standfirm::data::variables::ln_dependence;

use super::capabilities::Capabilities;
use super::comtrade::Comtrade;
use super::distance::Distance;
use super::gdp::Gdp;
use super::history::{PastSuccess, multiple};
use super::outcome::{Outcome, Settlement, outcome};
use super::personalism::Personalism;
use super::regimes::{Regime, Regimes};
use super::states::States;
use super::ties::{self, Case};
use super::trade::Trade;
use super::{Code, Error};

/// First year after the Cold War.
const POST_COLD_WAR: u16 = 1990;

const USA: Code = 2;

const SECURITY: &[u8] = &[1, 2, 3, 5, 6, 7, 9, 10];
const ECONOMY: &[u8] = &[13, 14];
const HUMAN_RIGHTS: &[u8] = &[8];

/// Threatened types: asset freeze, aid cut.
const FINANCIAL: &[u8] = &[7, 8];

/// Threatened interests: regime leadership, business, military.
const TARGETED: &[u8] = &[1, 3, 5];

/// One row of the table: every column's value, by name, in the table's order.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Episode(pub(super) Vec<(&'static str, Value)>);

impl Episode {
    /// The value in `column`.
    pub(super) fn value(&self, column: &str) -> &Value {
        self.0
            .iter()
            .find(|(name, _)| *name == column)
            .map_or(&Value::Missing, |(_, value)| value)
    }
}

/// What a cell of the table holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Missing,
    Integer(i64),
    Number(f64),
    Text(String),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

macro_rules! integers {
    ($($type:ty),*) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::Integer(i64::from(value))
            }
        })*
    };
}

integers!(bool, u8, u16, i64);

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Outcome> for Value {
    fn from(value: Outcome) -> Self {
        value.name().into()
    }
}

impl From<Regime> for Value {
    fn from(value: Regime) -> Self {
        value.name().into()
    }
}

impl From<&ties::Codes> for Value {
    fn from(value: &ties::Codes) -> Self {
        Self::Text(value.to_string())
    }
}

/// Every source but TIES.
struct Sources {
    states: States,
    regimes: Regimes,
    personalism: Personalism,
    trade: Trade,
    comtrade: Comtrade,
    gdp: Gdp,
    capabilities: Capabilities,
    distance: Distance,
}

/// Reads the source files in the folder `dir` and derives every episode, ordered by `caseid`.
pub(super) fn read(dir: &Path) -> Result<Vec<Episode>, Error> {
    let cases = ties::read(dir)?;
    let states = States::read(dir)?;
    let sources = Sources {
        regimes: Regimes::read(dir)?,
        personalism: Personalism::read(dir, &states)?,
        comtrade: Comtrade::read(dir)?,
        gdp: Gdp::read(dir)?,
        capabilities: Capabilities::read(dir)?,
        distance: Distance::read(dir)?,
        // By far the largest file: errors in the others show sooner.
        trade: Trade::read(dir)?,
        states,
    };
    let mut threats: Vec<(Code, &Case)> = cases
        .iter()
        .filter_map(|case| Some((case.threatening_state()?, case)))
        .collect();
    threats.sort_by_key(|(_, case)| case.caseid);
    let past = PastSuccess::of(threats.iter().copied());
    threats
        .into_iter()
        .map(|(sender, case)| episode(sender, case, past.before(case), multiple(case, &cases), &sources))
        .collect()
}

fn episode(
    sender: Code,
    case: &Case,
    past_success: bool,
    multiple: bool,
    sources: &Sources,
) -> Result<Episode, Error> {
    let Sources {
        states,
        regimes,
        personalism,
        trade,
        comtrade,
        gdp,
        capabilities,
        distance,
    } = sources;
    let (target, year) = (case.targetstate, case.startyear);
    let name = |code, column| {
        states.name(code).ok_or(Error::UnknownState {
            file: ties::FILE,
            column,
            row: case.row,
            code,
        })
    };

    let trade_share = trade.trade_share(sender, target, year);
    let import_share = trade.import_share(sender, target, year);
    let trade_gdp = trade.trade_gdp(sender, target, year, gdp);
    let comtrade_import_share = comtrade.share(case.caseid);
    let trade_share_lag = trade.trade_share(sender, target, year - 1);
    let import_share_lag = trade.import_share(sender, target, year - 1);
    let trade_gdp_lag = trade.trade_gdp(sender, target, year - 1, gdp);

    Ok(Episode(vec![
        ("caseid", case.caseid.into()),
        ("year", year.into()),
        ("startmonth", case.startmonth.into()),
        ("startday", case.startday.into()),
        ("endyear", case.endyear.into()),
        ("endmonth", case.endmonth.into()),
        ("endday", case.endday.into()),
        ("sender", sender.into()),
        ("sender_name", name(sender, "primarysender")?.into()),
        ("target", target.into()),
        ("target_name", name(target, "targetstate")?.into()),
        ("sender1", case.sender1.into()),
        ("threat", case.threat.into()),
        ("imposition", case.imposition.into()),
        ("sancimpositionstartyear", case.imposition_year.into()),
        ("finaloutcome", case.finaloutcome.into()),
        ("issue1", case.issues[0].into()),
        ("issue2", case.issues[1].into()),
        ("issue3", case.issues[2].into()),
        ("sanctiontypethreat", case.sanctiontypethreat.as_ref().into()),
        (
            "threatenedtargetinterest",
            case.threatenedtargetinterest.as_ref().into(),
        ),
        ("ties_institution", case.institution.into()),
        ("outcome", outcome(case, Settlement::Concession).into()),
        ("outcome_strict", outcome(case, Settlement::Standoff).into()),
        ("personalist_index", personalism.index(target, year).into()),
        (
            "personalist_index_carried",
            personalism.carried(target, year, regimes).into(),
        ),
        ("target_regime", regimes.regime(target, year).into()),
        ("sender_regime", regimes.regime(sender, year).into()),
        ("trade_share", trade_share.into()),
        ("import_share", import_share.into()),
        ("trade_gdp", trade_gdp.into()),
        ("comtrade_import_share", comtrade_import_share.into()),
        ("trade_share_lag", trade_share_lag.into()),
        ("import_share_lag", import_share_lag.into()),
        ("trade_gdp_lag", trade_gdp_lag.into()),
        ("ln_trade_share", trade_share.map(ln_dependence).into()),
        ("ln_import_share", import_share.map(ln_dependence).into()),
        ("ln_trade_gdp", trade_gdp.map(ln_dependence).into()),
        (
            "ln_comtrade_import_share",
            comtrade_import_share.map(ln_dependence).into(),
        ),
        ("ln_trade_share_lag", trade_share_lag.map(ln_dependence).into()),
        ("ln_import_share_lag", import_share_lag.map(ln_dependence).into()),
        ("ln_trade_gdp_lag", trade_gdp_lag.map(ln_dependence).into()),
        ("t_gdp", gdp.ln(target, year).into()),
        ("s_gdp", gdp.ln(sender, year).into()),
        ("cinc_ratio", capabilities.ratio(sender, target, year).into()),
        (
            "ln_cinc_ratio",
            capabilities.ln_ratio(sender, target, year).into(),
        ),
        ("ln_distance", distance.ln(sender, target, year).into()),
        ("sender_usa", (sender == USA).into()),
        ("post_coldwar", (year >= POST_COLD_WAR).into()),
        ("is_security", case.is_about(SECURITY).into()),
        ("is_econ", case.is_about(ECONOMY).into()),
        ("is_hrts", case.is_about(HUMAN_RIGHTS).into()),
        (
            "financial",
            case.sanctiontypethreat
                .as_ref()
                .map(|types| types.include(FINANCIAL))
                .into(),
        ),
        (
            "targeted",
            case.threatenedtargetinterest
                .as_ref()
                .map(|interests| interests.include(TARGETED))
                .into(),
        ),
        ("institution", (case.institution == Some(1)).into()),
        ("past_success", past_success.into()),
        ("multiple", multiple.into()),
    ]))
}
