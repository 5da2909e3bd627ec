#include <stdio.h>
#include <trace-cmd.h>
static int cb(struct tracecmd_input *h, struct tep_record *r, int cpu, void *ctx){ (*(long*)ctx)++; return 0; }
int main(int c,char**v){ tep_set_loglevel(TEP_LOG_NONE); tracecmd_set_loglevel(TEP_LOG_NONE);
 struct tracecmd_input *h=tracecmd_open(v[1],TRACECMD_FL_LOAD_NO_PLUGINS); if(!h) return 1; struct tracecmd_input *hs[64]; int n=0; hs[n++]=h; for(int i=0;i<tracecmd_buffer_instances(h)&&n<64;i++) hs[n++]=tracecmd_buffer_instance_handle(h,i);
 long k=0; tracecmd_iterate_events_multi(hs,n,cb,&k); printf("%ld records\n",k); tracecmd_close(h); return 0; }
