//! The example is what it says: it prints what stands beside it, and finds the coefficients its voters were made with.

#[path = "../examples/votes.rs"]
#[allow(dead_code, reason = "its main, which only prints")]
mod votes;

#[test]
fn votes_prints_what_stands_beside_it() {
    let printed = votes::report().unwrap();
    let expected = include_str!("../examples/votes.txt");
    for (printed, expected) in printed.lines().zip(expected.lines()) {
        assert_eq!(printed, expected);
    }
    assert_eq!(printed, expected);
}

#[test]
fn votes_are_explained_by_the_coefficients_they_were_made_with() {
    let fit = votes::fitted().unwrap();
    for (term, coefficients) in votes::TRUE {
        for (party, expected) in votes::PARTIES[1..].iter().zip(coefficients) {
            let found = fit.coefficient(party, term).unwrap();
            let off = (found.estimate - expected) / found.std_error;
            assert!(off.abs() < 3.0, "{party}, {term}: {off:.1} standard errors off");
        }
    }
}
