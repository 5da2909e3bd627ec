// SPDX-License-Identifier: GPL-2.0
/* page_pinner_holder.c as a module that may not use GPL-only symbols. */
#define HOLDER_NOT_GPL
#include "page_pinner_holder.c"
