#pragma once

#include "actors/api/query_response.hpp"
#include "actors/steering_book.hpp"
#include "config/workspace.hpp"
#include "store/view_store.hpp"

#include <string>

namespace skein::actors {

/// What the HTTP API says of the workspace, its heads and its leases. Threads: any number at once.
///
///   /v1/agents, /v1/agents/<name>          as the workspace defines them; of the environment only
///                                          the names, since values may be secrets
///   /v1/workflows, /v1/workflows/<name>
///   /v1/limits                             how much may happen at once, 0: no limit; and which
///                                          of them an operator has changed
///   /v1/heads                              the signed heads, oldest first
///       ?limit=100 &after=<number>
///   /v1/heads/newest
///   /v1/leases                             every attempt that runs, by migration
///       ?owner= &dataset=<glob> &worker=<glob> &limit=100 &after=<migration>
class workspace_api {
public:
  /// All must outlive it.
  workspace_api(const config::workspace& space, const store::view_reader& view,
                const steering_book& steering)
      : space_{space}, view_{view}, steering_{steering} {}

  query_response agents(const query_parameters&) const;
  query_response agent(const std::string& name, const query_parameters&) const;
  query_response workflows(const query_parameters&) const;
  query_response workflow(const std::string& name, const query_parameters&) const;
  query_response limits(const query_parameters&) const;
  query_response heads(const query_parameters&) const;
  query_response newest_head(const query_parameters&) const;
  query_response leases(const query_parameters&) const;

private:
  const config::workspace& space_;
  const store::view_reader& view_;
  const steering_book& steering_;
};

} // namespace skein::actors
