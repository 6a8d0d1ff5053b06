//! How many resends there are while nothing succeeds: a service that is down is not asked thrice as much.

use super::class::Class;

/// What a full quota holds.
const FULL: u32 = 500;

/// The quota of a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota(u32);

impl Default for Quota {
    fn default() -> Self {
        Self(FULL)
    }
}

impl Quota {
    /// Takes the price of a resend; whether there was enough.
    pub(crate) fn pay(&mut self, class: Class) -> bool {
        let price = if class == Class::Limited { 5 } else { 14 };
        match self.0.checked_sub(price) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Whether it is one of which nothing was spent.
    pub(crate) const fn is_full(self) -> bool {
        self.0 == FULL
    }

    /// A request succeeded.
    pub(crate) fn earn(&mut self) {
        self.0 = FULL.min(self.0 + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resends_are_paid_for_by_successes() {
        let mut quota = Quota::default();
        quota.earn();
        assert_eq!(quota, Quota::default(), "it holds no more than 500");
        let paid = (0..1_000).filter(|_| quota.pay(Class::Ambiguous)).count();
        assert_eq!(paid, 35);
        assert_eq!(quota, Quota(10));
        assert!(!quota.pay(Class::Unwritten));
        assert!(quota.pay(Class::Limited) && quota.pay(Class::Limited));
        assert!(!quota.pay(Class::Limited));
        (0..14).for_each(|_| quota.earn());
        assert!(quota.pay(Class::Ambiguous) && !quota.pay(Class::Ambiguous));
    }

    #[test]
    fn in_a_total_outage_the_wire_carries_at_most_a_fifth_more_than_was_asked_for() {
        let mut quota = Quota::default();
        let mut requests = 0;
        for _ in 0..200 {
            requests += 1;
            requests += (0..2).filter(|_| quota.pay(Class::Ambiguous)).count();
        }
        assert!(requests <= 240, "{requests}");
    }
}
