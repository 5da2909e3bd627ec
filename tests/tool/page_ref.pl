# SPDX-License-Identifier: GPL-2.0
#
# page_ref.pl HOW [BASE] < trace.txt > text
#
# Writes the first story of a tracefs text as page_ref events (CONFIG_DEBUG_PAGE_REF)
# of a file's page would have told it: every page is in them, and the failure is
# told by others, or not at all.  BASE is that of the kernel's mapcount.
use strict;
use warnings;

my ($how, $base) = (@ARGV, -1, -1);
my $text = do { local $/; <STDIN> };
my (@records, $prolog);

# The first story: up to the end of its mark; an event and its stack are a record.
$text =~ s/^.*?(?=^ *\S+-\d+ )//ms;
for (split /^(?= *\S+-\d+ +\[\d+\] \S+ +[\d.]+: page_pinner)/m, $text) {
	last if /id=2/;
	push @records, $_;
}

my $pfn = '0x3994a';
my $n = 0;

sub ref_event
{
	my ($head, $name, $count, $val, $ret, $page, $mapcount) = @_;

	return sprintf("%s page_ref_%s: pfn=%s flags=referenced|uptodate|lru|active count=%d mapcount=%d mapping=00000000e1a9b1c8 mt=5 val=%d%s\n",
		       $head, $name, $page // $pfn, $count, ($mapcount // 1) + $base, $val,
		       defined $ret ? " ret=$ret" : '');
}

sub dump_lines
{
	my ($head) = @_;

	return map { "$head$_\n" }
		'page: refcount:4 mapcount:1 mapping:00000000e1a9b1c8 index:0x0 pfn:0x3994a',
		'aops:ext4_da_aops ino:c dentry name(?):"data"',
		'flags: 0x2082c(referenced|uptodate|lru|active|zone=1)',
		'raw: 0000000000000000 0000000000000000 0000000000000000 0000000000000000',
		'page dumped because: migration failure';
}

# who put the page into a pipe, before anything failed
my @out = (ref_event('   vmsplice_hold-108     [000] .....     7.100000:', 'mod', 3, 1) . <<'END');
   vmsplice_hold-108     [000] .....     7.100010: <stack trace>
 => trace_event_raw_event_page_ref_mod_template
 => __page_ref_mod
 => try_grab_folio_fast
 => gup_fast_fallback
 => get_user_pages_fast
 => __iov_iter_get_pages_alloc
 => iov_iter_get_pages2
 => __do_sys_vmsplice
 => do_syscall_64
 => entry_SYSCALL_64_after_hwframe
END
my $failures = 0;
for (@records) {
	my ($head, $name, $fields, $rest) = /^(.*?) page_pinner_(\w+): ([^\n]*)\n(.*)/s or die;
	my ($refcount) = $fields =~ /refcount=(\d+)/;
	# this story's page is one of anonymous memory; a file's has the page cache's, too
	$refcount++;
	my ($delta) = $fields =~ /delta=(-?\d+)/;

	$rest =~ s/^ => (?:trace_event_raw_event_|__traceiter_|page_pinner_|__page_pinner)\S+\n//mg;
	# other pages come and go meanwhile
	push @out, ref_event($head, 'set', 1, 1, undef, sprintf('0x%x', 0x50000 + $n++), 0);
	push @out, ref_event($head, 'mod', $refcount + 9, 9, undef, sprintf('0x%x', 0x50000 + $n++), 0);
	if ($name =~ /^fail/) {
		# the first attempt's get is not in the story
		push @out, ref_event($head, 'mod', $refcount, 1) .
			$rest =~ s/(<stack trace>\n)/$1 => __page_ref_mod_unless\n/r unless $failures++;
		if ($how eq 'cma') {
			push @out, "$head cma_alloc_busy_retry: name=reserved pfn=0x39940 page=00000000beef count=16 align=4\n$rest";
		} elsif ($how eq 'isolated') {
			push @out, "$head test_pages_isolated: start_pfn=0x39800 end_pfn=0x39a00 fin_pfn=$pfn ret=fail\n$rest";
		} elsif ($how eq 'console') {
			push @out, dump_lines("$head console: ");
		} elsif ($how eq 'freeze') {
			push @out, ref_event($head, 'freeze', $refcount, 3, 0) . $rest;
			push @out, "$head mm_migrate_pages: nr_succeeded=0 nr_failed=1 nr_thp_succeeded=0 nr_thp_failed=0 nr_thp_split=0 nr_split=0 mode=MIGRATE_SYNC reason=contig_range\n";
		} elsif ($how eq 'frozen-stack') {
			(my $stack = $rest) =~ s/isolate_migratepages_block/__migrate_folio\n => migrate_pages_batch\n => migrate_pages/;
			push @out, ref_event($head, 'freeze', $refcount, 3, 0) . $stack;
		}
	} elsif (defined $delta) {
		my $kind = $delta < 0 ? 'mod_and_test' : 'mod';

		push @out, ref_event($head, $kind, $refcount, $delta, $delta < 0 ? 0 : undef) .
			$rest =~ s/(<stack trace>\n)/$1 => trace_event_raw_event_page_ref_mod_template\n => __page_ref_$kind\n/r;
	}
}
if ($how eq 'log') {
	unshift @out, dump_lines('[    7.246200] ');
}
print "# tracer: nop\n#\n", @out;
