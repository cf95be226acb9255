//! Multinomial logit.
