//! `data/power.csv`, which `standfirm power > data/power.csv` makes: a few of its histories made again.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;

use standfirm::data::power::{World, recorded};
use standfirm::episodes;
use standfirm::findings::power::{Histories, SHOWN, models, tally};

/// How many of each world and model.
const AGAIN: usize = 2;

#[test]
fn the_first_histories_say_what_the_file_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/power.csv");
    let file = readers::read(&std::fs::read(path).unwrap(), &readers::Options::default()).unwrap();
    let (file, _) = file.into_whole_table().unwrap();
    let text = |column: &str, row: usize| file.text(column).unwrap().get(row).unwrap().to_owned();
    let episodes = episodes().unwrap();
    let mut seen = 0;
    for model in models() {
        let histories = Histories::new(model, &episodes).unwrap();
        for world in World::ALL {
            for (one, first) in tally(&histories, world, AGAIN, || ()).unwrap() {
                let row = (0..file.rows()).find(|row| {
                    (text("claim", *row), text("model", *row), text("world", *row))
                        == (one.claim.clone(), one.model.clone(), one.world.clone())
                });
                let known = text("first", row.unwrap());
                assert_eq!(known.len(), SHOWN);
                assert_eq!(known[..AGAIN], first, "{} {} {}", one.claim, one.model, one.world);
                seen += 1;
            }
        }
    }
    assert_eq!(seen, file.rows());
}

#[test]
fn both_worlds_of_every_rule_are_recorded() {
    for claim in [
        "a", "b", "c", "d", "e", "g", "h", "i", "j", "k", "o", "p", "q", "r", "s",
    ] {
        let tallies = recorded(claim).unwrap();
        let of = |world: World| tallies.iter().filter(|one| one.world == world.key()).count();
        assert!(
            of(World::Right) > 0 && of(World::Right) == of(World::Nothing),
            "{claim}"
        );
        for one in &tallies {
            assert!(
                one.draws == 1_000 && one.holds + one.contradicted <= one.draws,
                "{one:?}"
            );
        }
    }
    assert_eq!(recorded("m").unwrap(), [], "what is counted is not drawn");
}
