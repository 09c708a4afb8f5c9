#pragma once

#include <string_view>

/// The promises of the coordinator, each with a name and a sentence. A simulation that breaks one
/// prints both.
namespace skein::simulation {

struct rule {
  std::string_view name;
  std::string_view sentence;
};

namespace rules {

// -- what stands in the log -------------------------------------------------------------------

inline constexpr rule log_grows{"log-grows", "The log is a prefix of every later log."};
inline constexpr rule one_stream{
    "one-stream", "A migration's records are numbered from 1 without gaps, in its own stream."};
inline constexpr rule decided{
    "decided", "A commit holds exactly what the pure decision makes of its command and the state "
               "before it."};
inline constexpr rule one_attempt{"one-attempt", "A step has at most one attempt running."};
inline constexpr rule new_epoch{"new-epoch",
                                "Every attempt has a higher epoch than all before it."};
inline constexpr rule dependencies{
    "dependencies", "A step starts only after everything it depends on has ended well."};
inline constexpr rule once_done{"once-done", "A step that ended well is not started again."};
inline constexpr rule not_at_rest{"not-at-rest", "A migration that rests starts nothing."};
inline constexpr rule not_early{"not-early", "A retry does not start before it is due."};
inline constexpr rule ended_once{"ended-once",
                                 "An attempt ends once, and only while it is the one that runs."};
inline constexpr rule limits{
    "limits", "No more run, in all, of an agent, of an owner or on a storage, than is allowed."};

inline constexpr rule told_on_all{
    "told-on-all",
    "An owner counts as told once every channel that was asked for has told it, each once."};
inline constexpr rule reminded_in_time{
    "reminded-in-time", "A reminder is of what still rests, and not before it is due."};

// -- what is made of the log ------------------------------------------------------------------

inline constexpr rule recovered{"recovered",
                                "Recovery, with or without a snapshot, gives the fold of the log."};
inline constexpr rule view_is_fold{"view-is-fold",
                                   "The view's rows are the fold of the log up to its cursor."};

// -- what is said outside ---------------------------------------------------------------------

inline constexpr rule intake_kept{"intake-kept",
                                  "A request is let go of only when its migration is in the log."};
inline constexpr rule lease_logged{
    "lease-logged", "A lease that is handed out is in the log, and is handed out once."};
inline constexpr rule lease_inputs{
    "lease-inputs", "A worker is given the outputs of all that its step depends on."};
inline constexpr rule verdict_logged{
    "verdict-logged", "A report that is accepted ended its attempt in the log, as reported."};
inline constexpr rule accepted_once{"accepted-once",
                                    "An attempt's result is accepted from one report only."};
inline constexpr rule revoked_over{"revoked-over",
                                   "A lease that is revoked is over according to the log."};
inline constexpr rule receipt_logged{"receipt-logged",
                                     "What a receipt says of version and phase is in the log."};
inline constexpr rule status_in_order{
    "status-in-order",
    "After repeats are dropped, the status stream is the log, event by event, in order."};
inline constexpr rule notice_logged{"notice-logged",
                                    "Whoever is told of a migration is told what is in the log."};

// -- in the end -------------------------------------------------------------------------------

inline constexpr rule rests{"rests",
                            "Once faults stop and workers behave, every migration comes to rest."};
inline constexpr rule told{"told",
                           "Once faults stop, all that happened has been told to whom it may "
                           "concern."};
inline constexpr rule alive{"alive", "No actor ends unless the log failed or it was told to."};

} // namespace rules

} // namespace skein::simulation
