#ifndef TOLLGATE_CLIBYAML_SHIM_H
#define TOLLGATE_CLIBYAML_SHIM_H

#include <yaml.h>

#endif
